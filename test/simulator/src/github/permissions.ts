/** Permission name → level, as an installation has been granted them. */
export type Permissions = Readonly<Record<string, string>>;

/** What the simulated App asked for and the organisation accepted. */
export const grantedPermissions: Permissions = {
  actions: 'write',
  metadata: 'read',
  organization_self_hosted_runners: 'write',
};

const levels = ['read', 'write', 'admin'];

const reaches = (granted: string | undefined, needed: string): boolean =>
  granted !== undefined && levels.indexOf(granted) >= levels.indexOf(needed);

/** @param needed e.g. `actions=read` */
export function permits(granted: Permissions, needed: string): boolean {
  const [name = '', level = ''] = needed.split('=');
  return reaches(granted[name], level);
}

/** Whether everything `wanted` is within what was granted. */
export const within = (granted: Permissions, wanted: Permissions): boolean =>
  Object.entries(wanted).every(([name, level]) => reaches(granted[name], level));

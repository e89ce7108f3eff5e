/** Names of the labels GitHub itself gives runners. */
export const OPERATING_SYSTEM_LABELS: readonly string[] = ['linux', 'windows', 'macos'];
export const ARCHITECTURE_LABELS: readonly string[] = ['x64', 'arm', 'arm64'];
export const SYSTEM_LABELS: readonly string[] = [
  'self-hosted',
  ...OPERATING_SYSTEM_LABELS,
  ...ARCHITECTURE_LABELS,
];

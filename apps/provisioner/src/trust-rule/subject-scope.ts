/** Subjects in which a place is reserved for whoever they belong to. */
type Family = { begin: string; through: RegExp; wanted: string };

const GITHUB: Family = { begin: 'repo:', through: /^repo:[^/]+\//, wanted: 'repo:<owner>/' };
const KUBERNETES: Family = {
  begin: 'system:serviceaccount:',
  through: /^system:serviceaccount:[^:]+:/,
  wanted: 'system:serviceaccount:<namespace>:',
};
const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com';

/**
 * What is wrong with a condition on `sub` whose matches all begin with `prefix`, if anything. Anybody can have a
 * repository at GitHub, and others have namespaces in the same cluster: a condition must say whose.
 */
export const scopeFault = (prefix: string, issuer: string): string | undefined => {
  if (prefix === '') return 'must begin with literal text';
  if (issuer === GITHUB_ACTIONS || issuer.startsWith(`${GITHUB_ACTIONS}/`))
    return GITHUB.through.test(prefix) ? undefined : faultOf(GITHUB);
  const families = [GITHUB, KUBERNETES].filter(
    ({ begin }) => prefix.startsWith(begin) || begin.startsWith(prefix),
  );
  const open = families.find(({ through }) => !through.test(prefix));
  return open && faultOf(open);
};

const faultOf = ({ wanted }: Family) => `must begin with the literal text ${wanted}`;

import type { System } from '../support/system.js';
import type { AtGithub } from './github-side.js';
import type { Witness } from './witness.js';

type Listed = { runner_name: string; state: string; github_runner_id?: number };

/** What the service shows of a runner that GitHub shows like this. */
const stateOf = ({ status, busy }: AtGithub, listed: Listed): string => {
  if (status === 'online') return busy ? 'busy' : 'idle';
  return listed.state === 'pending' ? 'pending' : 'offline';
};

/** Where the service's list and GitHub's differ, or something is still under way. */
export const differences = async (
  { call, development }: Pick<System, 'call' | 'development'>,
  atGithub: readonly AtGithub[],
  { foreign, relabelled }: Witness,
): Promise<string[]> => {
  const { status, body } = await call<{ runners: Listed[]; total: number }>(
    'GET',
    '/api/v1/runners?limit=1000',
    {
      token: development.admin_token,
    },
  );
  if (status !== 200) return [`the list is answered ${status}`];
  const theirs = new Map(atGithub.filter(({ id }) => !foreign.has(id)).map((runner) => [runner.id, runner]));
  const ours = body.runners.flatMap((listed) => {
    const { runner_name, state, github_runner_id: id } = listed;
    if (id === undefined) return state === 'pending' ? [] : [`${runner_name} is ${state}`];
    const there = theirs.get(id);
    theirs.delete(id);
    if (there === undefined) return [`${runner_name} is ${state} and not at GitHub`];
    return state === stateOf(there, listed)
      ? []
      : [`${runner_name} is ${state} and at GitHub ${there.status}${there.busy ? ', busy' : ''}`];
  });
  const edited = atGithub
    .filter(({ id }) => relabelled.has(id))
    .map(({ name }) => `${name} has other labels than it was to have and is still there`);
  return [...edited, ...ours, ...[...theirs.values()].map(({ name }) => `${name} is at GitHub only`)];
};

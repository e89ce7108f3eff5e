import type { JobsTask, Told } from './github.process.js';
import type { Seen, WatchTask } from './watcher.process.js';

export type Runner = { id: number; name: string };

export type Observed = {
  told: readonly Told[];
  /** Of each delivery until its answer, milliseconds from when it was due. */
  answers: readonly number[];
  /** Of each delivery that was accepted and shows: until it did. */
  delays: readonly number[];
  /** How many were not accepted. */
  refused: number;
  /** How many runners did their job as far as the service was told. */
  ended: number;
  /** From the last delivery until the last change showed. */
  workedOffMs: number;
};

type Workers = {
  github: { ask(task: JobsTask): Promise<readonly Told[]> };
  watcher: { ask(task: WatchTask): Promise<readonly Seen[]> };
};
type Telling = Pick<JobsTask, 'secret' | 'perSecond'> & {
  url: string;
  path: string;
  token: string;
  runners: readonly Runner[];
};

const INSTALLATION = { org: 'simulated-org', id: 2001, appId: 1001 };
/** After the last delivery. */
const PATIENCE_MS = 75_000;
const STATE_TOLD_BY: Partial<Record<Told['action'], Seen['state']>> = {
  in_progress: 'busy',
  completed: 'deleted',
};

/** @throws Error when a delivery was accepted and never showed */
export const tellAndWatch = async (
  { github, watcher }: Workers,
  { url, path, token, secret, runners, perSecond }: Telling,
): Promise<Observed> => {
  const withinMs = (runners.length * 3 * 1_000) / perSecond + 2_000 + PATIENCE_MS;
  const [seen, told] = await Promise.all([
    watcher.ask({ url, token, runners: runners.map(({ name }) => name), withinMs }),
    github.ask({ url: `${url}${path}`, secret, installation: INSTALLATION, runners, perSecond }),
  ]);
  const seenAt = new Map(seen.map(({ runner, state, at }) => [`${runner} ${state}`, at]));
  const accepted = told.filter(({ status }) => status === 202);
  const delays = accepted.flatMap(({ runner, action, dueAt }) => {
    const state = STATE_TOLD_BY[action];
    if (state === undefined) return [];
    const at = seenAt.get(`${runner} ${state}`);
    if (at === undefined) throw new Error(`${runner} was not seen ${state} within ${withinMs / 1000} s`);
    return [at - dueAt];
  });
  return {
    told,
    answers: told.map(({ answeredAfterMs }) => answeredAfterMs),
    delays,
    refused: told.length - accepted.length,
    ended: accepted.filter(({ action }) => action === 'completed').length,
    workedOffMs: latest(seen.map(({ at }) => at)) - latest(told.map(({ dueAt }) => dueAt)),
  };
};

const latest = (times: readonly number[]) => times.reduce((last, time) => Math.max(last, time), 0);

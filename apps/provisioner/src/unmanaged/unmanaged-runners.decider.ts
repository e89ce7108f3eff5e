import { type UnmanagedRunner, type UnmanagedRunnersEvent, unmanagedRunnersEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

type Fact = UnmanagedRunnersEvent['data'];

/** A look at GitHub showed runners that are nobody's here. */
export type ReportUnmanaged = { type: 'ReportUnmanaged' } & Fact;

/**
 * Which have been told of, by GitHub's id, the newest generation first. GitHub counts upwards and gives no id twice.
 */
export type UnmanagedRunners = { reported: readonly ReadonlySet<number>[] };

/** Other services may register thousands of short-lived runners a day: the oldest ones are forgotten. */
const GENERATIONS = 50;
/** What one more fact costs to fold. */
const GENERATION_SIZE = 1_000;

export const isReported = ({ reported }: UnmanagedRunners, githubRunnerId: number): boolean =>
  reported.some((generation) => generation.has(githubRunnerId));

/** Each is told of once. */
export const unmanagedRunnersDecider: Decider<ReportUnmanaged, UnmanagedRunners, UnmanagedRunnersEvent> = {
  initial: { reported: [] },
  decide: ({ type: _, runners, ...fact }, state) => {
    const news = runners.filter(({ githubRunnerId }) => !isReported(state, githubRunnerId));
    return news.length === 0
      ? []
      : [unmanagedRunnersEvent('UnmanagedRunnersSeen')({ ...fact, runners: news })];
  },
  evolve: ({ reported }, { data }) => {
    const [newest = new Set<number>(), ...older] = reported;
    const grown = new Set([...newest, ...data.runners.map(idOf)]);
    if (grown.size < GENERATION_SIZE) return { reported: [grown, ...older] };
    return { reported: [new Set<number>(), grown, ...older].slice(0, GENERATIONS) };
  },
};

const idOf = ({ githubRunnerId }: UnmanagedRunner): number => githubRunnerId;

import { type UnmanagedRunner, type UnmanagedRunnersEvent, unmanagedRunnersEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

type Fact = UnmanagedRunnersEvent['data'];

/** A look at GitHub showed runners that are nobody's here. */
export type ReportUnmanaged = { type: 'ReportUnmanaged' } & Fact;

/** Which have been told of, by GitHub's id. GitHub counts upwards and gives no id twice. */
export type UnmanagedRunners = { reported: ReadonlySet<number> };

/** Other services may register thousands of short-lived runners a day: the oldest ones are forgotten. */
const REMEMBERED = 50_000;

/** Each is told of once. */
export const unmanagedRunnersDecider: Decider<ReportUnmanaged, UnmanagedRunners, UnmanagedRunnersEvent> = {
  initial: { reported: new Set() },
  decide: ({ type: _, runners, ...fact }, { reported }) => {
    const news = runners.filter(({ githubRunnerId }) => !reported.has(githubRunnerId));
    return news.length === 0
      ? []
      : [unmanagedRunnersEvent('UnmanagedRunnersSeen')({ ...fact, runners: news })];
  },
  evolve: ({ reported }, { data }) => ({ reported: newest([...reported, ...data.runners.map(idOf)]) }),
};

const idOf = ({ githubRunnerId }: UnmanagedRunner): number => githubRunnerId;

const newest = (ids: readonly number[]): ReadonlySet<number> => new Set(ids.slice(-REMEMBERED));

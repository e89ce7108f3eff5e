import { randomUUID } from 'node:crypto';
import {
  MOST_UNMANAGED_TOGETHER,
  ownLabels,
  type SeenUnmanaged,
  subjects,
  type UnmanagedRunner,
} from '#libs/contracts';
import type { GithubRunner } from '#libs/github';
import type { Asking } from '../provisioner-calls.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import type { TrackedRunnerRow } from '../tracking/tracked-runner.entity.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';
import type { Tenure } from './lease.js';

/** Runners of the organisation that are nobody's here. */
export type Unmanaged = {
  total: number;
  /** The newest of them. */
  newest: UnmanagedRunner[];
};

const SHOWN = 100;
/** A surplus machine may be busy for long before it can be removed. */
const REMEMBER_TOKENS_MS = 24 * 60 * 60 * 1000;

/** Tells the provisioner of runners we do not know; it decides whether they are nobody's, and records each once. */
export class UnmanagedRunnersReporter {
  /** By GitHub's id: those the provisioner has found to be nobody's. */
  private strangers: ReadonlySet<number> = new Set();
  /** What the complete look before this one showed, by GitHub's id; undefined before the first. */
  private lookBefore: { shown: ReadonlySet<number>; at: string } | undefined;
  /** Those that appeared since the first, as long as they are there: GitHub's id → the last look without them. */
  private absentAt: ReadonlyMap<number, string> = new Map();
  private readonly trouble: Trouble;

  constructor(
    private readonly runners: Pick<TrackedRunners, 'knownGithubIds' | 'withTokenSince'>,
    private readonly bus: Asking,
    logger: JobLog,
  ) {
    this.trouble = new Trouble(logger, 'telling the provisioner of runners nobody knows');
  }

  /** @param listed every runner there is at GitHub */
  async report(
    listed: readonly GithubRunner[],
    ours: ReadonlySet<number>,
    seenAt: string,
    tenure: Tenure,
  ): Promise<Unmanaged> {
    this.notice(listed, seenAt);
    const foreign = listed.filter(({ id }) => !ours.has(id));
    const unjudged = foreign.filter(({ id }) => !this.strangers.has(id));
    const found = await this.tell(unjudged, foreign.length, seenAt, tenure);
    const strangers = foreign.filter(({ id }) => this.strangers.has(id) || found.has(id));
    this.strangers = new Set(strangers.map(({ id }) => id));
    const newest = strangers.sort((a, b) => b.id - a.id).slice(0, SHOWN);
    return { total: strangers.length, newest: newest.map(unmanagedRunner) };
  }

  private notice(listed: readonly GithubRunner[], seenAt: string): void {
    const { lookBefore, absentAt } = this;
    const ids = listed.map(({ id }) => id);
    const since = new Map<number, string>();
    for (const id of ids) {
      const lastWithout = absentAt.get(id) ?? (lookBefore?.shown.has(id) ? undefined : lookBefore?.at);
      if (lastWithout !== undefined) since.set(id, lastWithout);
    }
    this.absentAt = since;
    this.lookBefore = { shown: new Set(ids), at: seenAt };
  }

  private async tell(
    unjudged: readonly GithubRunner[],
    total: number,
    seenAt: string,
    { term, signal }: Tenure,
  ): Promise<ReadonlySet<number>> {
    const found = new Set<number>();
    if (unjudged.length === 0) return found;
    // one that has ended a moment ago may still be listed
    const ended = await this.runners.knownGithubIds(unjudged.map(({ id }) => id));
    const strangers = unjudged.filter(({ id }) => !ended.has(id));
    const holders = await this.runners.withTokenSince(new Date(Date.now() - REMEMBER_TOKENS_MS));
    const unknown = strangers.map((runner) => this.described(runner, holders));
    const requestId = randomUUID();
    try {
      for (let from = 0; from < unknown.length && !signal.aborted; from += MOST_UNMANAGED_TOGETHER) {
        const runners = unknown.slice(from, from + MOST_UNMANAGED_TOGETHER);
        const body = { runners, total, seenAt, term };
        const { unmanaged } = await this.bus.ask(subjects.recordUnmanaged, body, { requestId });
        for (const id of unmanaged) found.add(id);
      }
      this.trouble.over();
    } catch (error) {
      // they are there the next time as well
      this.trouble.met(error);
    }
    return found;
  }

  /** Whether it may have registered with a token that was handed out here, for another runner. */
  private described(runner: GithubRunner, holders: readonly TrackedRunnerRow[]): SeenUnmanaged {
    const labels = ownLabels(runner.labels).join();
    const absentAt = this.absentAt.get(runner.id);
    const alike = labels === '' ? [] : holders.filter((holder) => holder.labels?.join() === labels);
    return {
      ...unmanagedRunner(runner),
      ...(alike.length > 0 ? { sharesLabelsWith: alike.map(({ id }) => id) } : {}),
      ...(absentAt === undefined ? {} : { absentAt }),
    };
  }
}

const unmanagedRunner = ({ id, name, labels, status }: GithubRunner): UnmanagedRunner => ({
  githubRunnerId: id,
  name,
  labels,
  status,
});

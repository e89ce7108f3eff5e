import { randomUUID } from 'node:crypto';
import { MOST_UNMANAGED_TOGETHER, subjects, type UnmanagedRunner } from '#libs/contracts';
import type { GithubRunner } from '#libs/github';
import type { Asking } from '../provisioner-calls.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';
import type { Tenure } from './lease.js';

/** Runners of the organisation that are nobody's here. */
export type Unmanaged = {
  total: number;
  /** The newest of them. */
  newest: UnmanagedRunner[];
};

const SHOWN = 100;

/** Tells the provisioner of runners we do not know; it decides whether they are nobody's, and records each once. */
export class UnmanagedRunnersReporter {
  /** By GitHub's id: those the provisioner has found to be nobody's. */
  private strangers: ReadonlySet<number> = new Set();
  private readonly trouble: Trouble;

  constructor(
    private readonly runners: Pick<TrackedRunners, 'knownGithubIds'>,
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
    const foreign = listed.filter(({ id }) => !ours.has(id));
    const unjudged = foreign.filter(({ id }) => !this.strangers.has(id));
    const found = await this.tell(unjudged, foreign.length, seenAt, tenure);
    const strangers = foreign.filter(({ id }) => this.strangers.has(id) || found.has(id));
    this.strangers = new Set(strangers.map(({ id }) => id));
    const newest = strangers.sort((a, b) => b.id - a.id).slice(0, SHOWN);
    return { total: strangers.length, newest: newest.map(unmanagedRunner) };
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
    const unknown = unjudged.filter(({ id }) => !ended.has(id)).map(unmanagedRunner);
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
}

const unmanagedRunner = ({ id, name, labels, status }: GithubRunner): UnmanagedRunner => ({
  githubRunnerId: id,
  name,
  labels,
  status,
});

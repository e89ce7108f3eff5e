import { randomUUID } from 'node:crypto';
import { subjects } from '#libs/contracts';
import type { GithubRunner } from '#libs/github';
import type { Asking } from '../provisioner-calls.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import { Turns } from '../scheduling/turns.js';
import { settlementOf } from '../settling/settlement.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';

export type LeftBehindParts = {
  runners: Pick<TrackedRunners, 'endedBefore'>;
  bus: Asking;
  logger: JobLog;
  /** GitHub's list may show a deleted runner for some seconds more; and it removes those whose job is done itself. */
  patienceMs?: number;
};

const PATIENCE_MS = 2 * 60 * 1000;
const AT_A_TIME = 4;

/** Runners of ours that have ended and are in GitHub's list all the same, offline: nobody else will remove them. */
export class LeftBehind {
  private readonly trouble: Trouble;
  private readonly turns = new Turns(AT_A_TIME);

  constructor(private readonly parts: LeftBehindParts) {
    this.trouble = new Trouble(parts.logger, 'removing what was left behind at GitHub');
  }

  /** What is not removed now is seen again next time. */
  async report(listed: readonly GithubRunner[], tenure: AbortSignal): Promise<void> {
    const { runners, bus, patienceMs = PATIENCE_MS } = this.parts;
    const offline = listed.filter(({ status, busy }) => status === 'offline' && !busy);
    try {
      const before = new Date(Date.now() - patienceMs);
      const leftBehind = await runners.endedBefore(
        before,
        offline.map(({ id }) => id),
      );
      const settle = async (runner: (typeof leftBehind)[number]) => {
        if (tenure.aborted) return;
        const request = { ...settlementOf(runner), stillAtGithub: true };
        await bus.ask(subjects.settleRunner, request, { requestId: randomUUID() });
      };
      await Promise.all(leftBehind.map((runner) => this.turns.run(() => settle(runner))));
      this.trouble.over();
    } catch (error) {
      this.trouble.met(error);
    }
  }
}

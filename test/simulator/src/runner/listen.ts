import { setTimeout as wait } from 'node:timers/promises';
import { AccessToken } from './access-token.js';
import { BrokerClient, type RunnerMessage } from './broker-client.js';
import { exitCodes, RunnerExit } from './exit-code.js';
import { Unreachable } from './request.js';
import { type AcquiredJob, acquireJob } from './run-service-client.js';
import type { RunnerSettings } from './runner-settings.js';
import { work } from './work.js';

export interface ListenOptions {
  /** One line for a person. */
  say: (line: string) => void;
  /** Aborted by SIGINT or SIGTERM. */
  interrupted: AbortSignal;
  /** Called once the runner is online. */
  onOnline?: () => Promise<void>;
  /** How long another process with the same configuration is waited for. */
  conflict: { forMs: number; everyMs: number };
  renewEveryMs: number;
  /** Between two tries to reach GitHub. */
  backoffMs: number;
}

const mostFailuresInARow = 10;

const results = { succeeded: 'Succeeded', failed: 'Failed', canceled: 'Canceled' };

/**
 * The life of a runner: online, wait, take a job, do it, again or, being ephemeral, end.
 * @returns exit code
 */
export async function listen(settings: RunnerSettings, options: ListenOptions): Promise<number> {
  const { say, interrupted } = options;
  const token = new AccessToken(settings);
  const broker = new BrokerClient(settings, token);
  const open = () =>
    broker.openSession(options.conflict, () => say('Another session for this runner exists. Waiting …'));

  await token.get();
  say('Access token received for the private key of this runner');
  await open();
  say('Connected to GitHub: the runner is online');
  try {
    await options.onOnline?.();
    say('Listening for jobs');
    return await untilDone();
  } catch (error) {
    await broker.deleteSession().catch(() => undefined);
    throw error;
  }

  async function untilDone(): Promise<number> {
    let failures = 0;
    while (!interrupted.aborted) {
      try {
        const polled = await broker.poll('Online', interrupted);
        failures = 0;
        if (polled.kind === 'session-lost') {
          say('The session was lost. Opening a new one');
          await open();
        } else if (polled.kind === 'message') {
          const job = await jobIn(polled.message);
          if (job && (await finished(job)) && settings.ephemeral) return exitCodes.ok;
        }
      } catch (error) {
        if (interrupted.aborted) break;
        if (!worthAnotherTry(error)) throw error;
        failures += 1;
        if (failures >= mostFailuresInARow) {
          throw new RunnerExit(exitCodes.retryable, 'GitHub cannot be reached.');
        }
        say(`${error instanceof Error ? error.message : error}. Trying again`);
        await wait(options.backoffMs);
      }
    }
    say('Exiting');
    await broker.deleteSession().catch(() => undefined);
    return exitCodes.ok;
  }

  async function jobIn({ messageType, body }: RunnerMessage): Promise<AcquiredJob | undefined> {
    if (messageType === 'ForceTokenRefresh') token.discard();
    if (messageType !== 'RunnerJobRequest') return undefined;
    const requestId = String(body.runner_request_id);
    if (body.should_acknowledge === true && !(await broker.acknowledge(requestId))) {
      say('The job went to another runner');
      return undefined;
    }
    const job = await acquireJob(String(body.run_service_url), requestId, token);
    if (!job) say('The job is gone');
    return job;
  }

  /** True when the job was this runner's to the end. */
  async function finished(job: AcquiredJob): Promise<boolean> {
    say(`Running job: ${job.displayName}`);
    const cancelled = new AbortController();
    const over = new AbortController();
    const watching = watchForCancellation(job, cancelled, over.signal);
    const onInterrupt = () => cancelled.abort();
    interrupted.addEventListener('abort', onInterrupt);
    const result = await work(job, { renewEveryMs: options.renewEveryMs, cancelled: cancelled.signal });
    interrupted.removeEventListener('abort', onInterrupt);
    over.abort();
    await watching;
    if (result === 'lost') say(`Job ${job.displayName} was ended by GitHub meanwhile`);
    else say(`Job ${job.displayName} completed with result: ${results[result]}`);
    if (settings.ephemeral) {
      // Ends in 401 as a rule: GitHub removed the runner together with its session.
      await broker.deleteSession().catch(() => undefined);
      say('This ephemeral runner has done its job and is gone');
    }
    return true;
  }

  /** Polls on as busy: the one thing a busy runner wants to hear. */
  async function watchForCancellation(job: AcquiredJob, cancelled: AbortController, over: AbortSignal) {
    while (!over.aborted && !cancelled.signal.aborted) {
      try {
        const polled = await broker.poll('Busy', over);
        if (polled.kind !== 'message') continue;
        const { messageType, body } = polled.message;
        if (messageType === 'JobCancellation' && body.jobId === job.jobId) {
          say('GitHub cancels the job');
          cancelled.abort();
        }
      } catch {
        if (!over.aborted) await wait(options.backoffMs, undefined, { signal: over }).catch(() => undefined);
      }
    }
  }
}

const worthAnotherTry = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof RunnerExit && error.code === exitCodes.retryable);

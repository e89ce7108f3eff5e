import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { AccessToken } from './access-token.js';
import { exitCodes, RunnerExit, terminated } from './exit-code.js';
import { type Answer, aboutThisRunner, request } from './request.js';
import type { RunnerSettings } from './runner-settings.js';

export interface RunnerMessage {
  messageType: string;
  body: Readonly<Record<string, unknown>>;
}

/** What a poll came back with. */
export type Polled =
  | { kind: 'message'; message: RunnerMessage }
  | { kind: 'nothing' }
  | { kind: 'session-lost' };

export type RunnerStatus = 'Online' | 'Busy';

const noSession = '00000000-0000-0000-0000-000000000000';

/** Sessions and messages at `ServerUrlV2`. */
export class BrokerClient {
  private sessionId = '';

  constructor(
    private readonly settings: RunnerSettings,
    private readonly token: AccessToken,
  ) {}

  /** Goes online. Another process with the same configuration is waited for as long as allowed. */
  async openSession(patience: { forMs: number; everyMs: number }, onConflict: () => void): Promise<void> {
    const { id, name } = this.settings;
    const deadline = Date.now() + patience.forMs;
    for (;;) {
      const { status, body } = await this.call('session', 'POST', {
        sessionId: noSession,
        ownerName: `${hostname()} (PID: ${process.pid})`,
        agent: { id, name, ...aboutThisRunner, ephemeral: null, status: 0, provisioningState: null },
        useFipsEncryption: false,
      });
      if (status === 200 || status === 201) {
        this.sessionId = String(body.sessionId);
        return;
      }
      if (status !== 409) throw this.refusal(status, body);
      if (Date.now() + patience.everyMs > deadline) {
        throw new RunnerExit(
          exitCodes.sessionConflict,
          'A session for this runner already exists. Another process uses the same configuration.',
        );
      }
      onConflict();
      await wait(patience.everyMs);
    }
  }

  async poll(status: RunnerStatus, signal: AbortSignal): Promise<Polled> {
    const answer = await this.call(`message?${this.query(status)}`, 'GET', undefined, signal);
    if (answer.status === 202) return { kind: 'nothing' };
    if (answer.status === 200) {
      return {
        kind: 'message',
        message: {
          messageType: String(answer.body.messageType),
          body: JSON.parse(String(answer.body.body ?? '{}') || '{}'),
        },
      };
    }
    if (answer.body.errorKind === 'RunnerSessionInvalid') return { kind: 'session-lost' };
    throw this.refusal(answer.status, answer.body);
  }

  /** False when the job is no longer meant for this runner. */
  async acknowledge(runnerRequestId: string): Promise<boolean> {
    const { body } = await this.call(`acknowledge?${this.query('Online')}`, 'POST', { runnerRequestId });
    return body.errorKind !== 'AcknowledgeJobNotFound';
  }

  /** Best effort: the registration of an ephemeral runner is usually gone by now. */
  async deleteSession(): Promise<void> {
    const token = await this.token.get();
    await request(new URL('session', this.settings.brokerUrl), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5000),
    });
  }

  private query(status: RunnerStatus): URLSearchParams {
    return new URLSearchParams({
      sessionId: this.sessionId,
      status,
      runnerVersion: aboutThisRunner.version,
      os: aboutThisRunner.osDescription,
      architecture: process.arch.toUpperCase(),
      disableUpdate: 'true',
    });
  }

  /** A 401 means a stale token: one new token, one more try. */
  private async call(path: string, method: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    const send = async () =>
      request(new URL(path, this.settings.brokerUrl), {
        method,
        headers: {
          authorization: `Bearer ${await this.token.get()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    const answer = await send();
    if (answer.status !== 401) return answer;
    this.token.discard();
    return send();
  }

  private refusal(status: number, body: Answer['body']): RunnerExit {
    if (body.errorKind === 'RunnerNotFound') {
      return terminated('The runner registration has been deleted from the server.');
    }
    if (status === 401 || status === 403) {
      return terminated(`GitHub denies access to this runner. (${body.errorMessage ?? status})`);
    }
    return new RunnerExit(
      exitCodes.retryable,
      `GitHub answered ${status}. (${body.errorMessage ?? 'no reason'})`,
    );
  }
}

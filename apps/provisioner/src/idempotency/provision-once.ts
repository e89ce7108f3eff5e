import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { may } from '#libs/access';
import { Problem, type ProvisionRunner, type RunnerProvisioned, streams } from '#libs/contracts';
import { type EventStore, handleCommand } from '#libs/event-store';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import type { Keep } from '../runner/kept-answer.js';
import type { RunnerState } from '../runner/runner.state.js';
import { Runners } from '../runner/runners.js';
import type { Acting } from '../tenancy/acting.js';
import { keySha256, type OwnedKey } from './answer-seal.js';
import { type IdempotencyKeyCommand, idempotencyKeyDecider } from './idempotency-key.decider.js';
import { SealedAnswers } from './sealed-answers.js';

/** A key whose runner never appeared was left behind by a crash. */
const ABANDONED_AFTER_MS = 60_000;
const LOOK_AGAIN_MS = 200;
/** What is left of the asker's patience must suffice for saying no. */
const ANSWER_MS = 4_000;

/** Does the work; tells of the answer before it is recorded as given. */
export type Provision = (keep: Keep) => Promise<RunnerProvisioned>;

/** The first request with a key makes a runner; the same request again is answered with that runner. */
@Injectable()
export class ProvisionOnce {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly runners: Runners,
    private readonly sealedAnswers: SealedAnswers,
  ) {}

  /**
   * @throws Problem `idempotency-key-reused`, `provisioning-in-progress` when the first request takes too long,
   * `jit-config-spent` when what it was answered cannot be given again
   */
  async provision(
    request: ProvisionRunner & { idempotencyKey: string },
    acting: Acting,
    origin: Origin,
    provision: Provision,
  ): Promise<RunnerProvisioned> {
    const { issuer, subject } = acting.caller;
    const owned = { issuer, subject, key: request.idempotencyKey };
    let cameToNothing: string | undefined;
    for (let tries = 1; ; tries++) {
      const held = await this.claim(owned, request, cameToNothing, step(origin, `key-${tries}`));
      if (held.runnerId === request.runnerId) return this.first(owned, request.runnerId, origin, provision);
      const { state } = await this.runners.load(held.runnerId);
      // who has left the team meanwhile gets nothing of it again
      if (isPending(state) && may(acting, 'runner.see', state)) return this.again(owned, state);
      if (isOpen(state, held.claimedAt)) {
        if (Date.now() + ANSWER_MS > origin.deadline) throw inProgress();
        await sleep(LOOK_AGAIN_MS);
      } else if (state.state === 'unknown' || state.state === 'failed' || state.state === 'abandoned') {
        cameToNothing = held.runnerId;
      } else throw spent(held.runnerId);
    }
  }

  private async claim(
    owned: OwnedKey,
    request: ProvisionRunner,
    cameToNothing: string | undefined,
    origin: Origin,
  ) {
    const { state } = await this.handle(
      owned,
      {
        type: 'ClaimKey',
        runnerId: request.runnerId,
        requestSha256: digestOf(request),
        cameToNothing,
        at: new Date().toISOString(),
      },
      origin,
    );
    if (state.status === 'free') throw new Error('a key that was just claimed is free');
    return state;
  }

  private async first(
    owned: OwnedKey,
    runnerId: string,
    origin: Origin,
    provision: Provision,
  ): Promise<RunnerProvisioned> {
    try {
      const answer = await provision((kept) => this.sealedAnswers.keep(owned, kept));
      // a fresh token for a runner there was before: the next request gets one as well
      if (answer.runnerId !== runnerId) await this.freeUnlessOpen(owned, runnerId, origin);
      return answer;
    } catch (error) {
      await this.freeUnlessOpen(owned, runnerId, origin).catch(() => undefined);
      throw error;
    }
  }

  /** What GitHub may still have made is settled first; until then a repeat waits. */
  private async freeUnlessOpen(owned: OwnedKey, runnerId: string, origin: Origin): Promise<void> {
    const { state } = await this.runners.load(runnerId);
    if (state.state !== 'unknown' && state.state !== 'failed' && state.state !== 'abandoned') return;
    const command = { type: 'FreeKey', runnerId, at: new Date().toISOString() } as const;
    await this.handle(owned, command, step(origin, 'free-key'));
  }

  private async again(owned: OwnedKey, { runnerId }: PendingRunner): Promise<RunnerProvisioned> {
    const answer = await this.sealedAnswers.find(owned, runnerId);
    if (!answer) throw spent(runnerId);
    const [newest] = await this.store.readBackwards(streams.runner(runnerId), 1);
    return { ...answer, position: String(newest?.position ?? 0n), replayed: true };
  }

  private handle(owned: OwnedKey, command: IdempotencyKeyCommand, origin: Origin) {
    const stream = streams.idempotencyKey(keySha256(owned));
    return handleCommand(this.store, idempotencyKeyDecider, stream, command, origin);
  }
}

type PendingRunner = Extract<RunnerState, { state: 'pending' }>;

/** Nobody has used what it was answered: a registration token is used once a runner has registered with it. */
const isPending = (runner: RunnerState): runner is PendingRunner =>
  runner.state === 'pending' && (runner.provisioningMethod === 'jit' || runner.githubRunnerId === undefined);

const isOpen = (runner: RunnerState, claimedAt: string): boolean =>
  runner.state === 'requested' ||
  (runner.state === 'unknown' && Date.now() - Date.parse(claimedAt) < ABANDONED_AFTER_MS);

/** Hex, of all that was asked for. */
const digestOf = ({ runnerId: _, idempotencyKey: __, ...asked }: ProvisionRunner): string => {
  const sorted = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
};

const inProgress = () =>
  new Problem(
    'provisioning-in-progress',
    'The first request with this idempotency key is still being worked on. Send it again in a few seconds.',
    { retryAfterSeconds: 5 },
  );

const spent = (runnerId: string) =>
  new Problem(
    'jit-config-spent',
    'The runner of this idempotency key has been used or its config has expired. Ask with a new key.',
    { members: { runner_id: runnerId } },
  );

import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  Problem,
  type ProblemCode,
  problemCodes,
  type ReplyOf,
  type RequestContext,
  type SyncTriggered,
  streams,
  type subjects,
  syncCycleEvent,
} from '#libs/contracts';
import { type EventStore, idFromWords, type NewMetadata } from '#libs/event-store';
import { Bus } from '#libs/messaging';
import type { RequestedCycleRow } from '../cycles/requested-cycle.entity.js';
import { RequestedCycles } from '../cycles/requested-cycles.js';
import type { Installation } from '../sync.config.js';
import { EVENT_STORE, INSTALLATION } from '../sync.tokens.js';
import { administrator } from './administrator.js';
import { TriggerSync } from './sync.messages.js';

/** For the answer's way back. */
const WAY_BACK_MS = 2_000;
const DEFAULT_PATIENCE_MS = 30_000;

/** Asks whoever leads for a look at all runners; it need not be this replica. */
@CommandHandler(TriggerSync)
export class TriggerSyncHandler implements ICommandHandler<TriggerSync> {
  constructor(
    private readonly bus: Bus,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(INSTALLATION) private readonly installation: Installation,
    private readonly requested: RequestedCycles,
  ) {}

  /** @throws Problem `admin-required`; with `wait` also what the cycle failed with */
  async execute({ body, context }: TriggerSync): Promise<ReplyOf<typeof subjects.triggerSync>> {
    const { userId, oidcIssuer: issuer, oidcSub: subject } = await administrator(this.bus, context);
    const { cycleId, wait } = body;
    const { scope } = this.installation;
    const id = idFromWords('cycle-requested', cycleId);
    const { deadline = Date.now() + DEFAULT_PATIENCE_MS } = context;
    const event = syncCycleEvent('SyncCycleRequested')({
      scope,
      cycleId,
      requestedBy: userId,
      requestedAt: new Date().toISOString(),
    });
    const metadata: NewMetadata = {
      ...circumstances(context),
      $causationId: id,
      actor: { kind: 'user', issuer, subject, userId },
    };
    const { position } = await this.store.append(
      streams.syncRun(scope),
      [{ ...event, id, metadata }],
      'any',
      { deadline },
    );
    const triggered = { cycleId, position: String(position) };
    if (!wait) return triggered;
    const ended = await this.requested.ended(cycleId, deadline - Date.now() - WAY_BACK_MS);
    return ended ? { cycleId, position: String(ended.position), ...resultOf(ended) } : triggered;
  }
}

const circumstances = ({ requestId, requestIp, userAgent, traceparent }: RequestContext) => ({
  $correlationId: requestId,
  ...(requestIp === undefined ? {} : { requestIp }),
  ...(userAgent === undefined ? {} : { userAgent }),
  ...(traceparent === undefined ? {} : { traceparent }),
});

const resultOf = ({ result, failure }: RequestedCycleRow): Pick<SyncTriggered, 'result'> => {
  if (result) {
    const { labelDrifts = 0, unmanaged = 0 } = result;
    return { result: { ...result, labelDrifts, unmanaged } };
  }
  const { code = 'unexpected', detail = 'The cycle failed.', retryAfterSeconds } = failure ?? {};
  throw new Problem(isProblemCode(code) ? code : 'unexpected', detail, {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
};

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemCodes, code);

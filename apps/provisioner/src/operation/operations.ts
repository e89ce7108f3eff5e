import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Actor, Problem, type Recorded, streams } from '#libs/contracts';
import { type EventStore, handleCommand, load } from '#libs/event-store';
import type { Database } from '#libs/read-model';
import { type Origin, originOf, step } from '../origin.js';
import { DATABASE, EVENT_STORE } from '../provisioner.tokens.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { BatchActions } from './batch-actions.js';
import { BatchTargets } from './batch-targets.js';
import { OpenOperation } from './open-operation.js';
import {
  type KnownOperation,
  type OperationCommand,
  operationDecider,
  remainingOf,
  type TargetFailure,
} from './operation.decider.js';

/** Targets between two notes of progress, and at work at once. */
const BATCH = 25;
const AT_ONCE = 8;
/** An operation nobody has written of for this long has lost its worker. */
const LOST_AFTER_MS = 30_000;
const LOOK_MS = 10_000;

/** Works through the targets of operations; what a crash has left is taken up by any replica. */
@Injectable()
export class Operations implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('operations');
  private readonly atWork = new Map<string, Promise<KnownOperation>>();
  private looking: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(DATABASE) private readonly database: Database,
    private readonly view: TenancyView,
    private readonly targets: BatchTargets,
    private readonly actions: BatchActions,
  ) {}

  onApplicationBootstrap(): void {
    this.looking = setInterval(() => void this.takeUpLost(), LOOK_MS);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearInterval(this.looking);
  }

  /** @throws Problem `operation-unknown` */
  async find(operationId: string): Promise<KnownOperation> {
    const { state } = await load(this.store, operationDecider, streams.operation(operationId));
    if (state.status === 'unknown') throw new Problem('operation-unknown', 'There is no such operation.');
    return state;
  }

  /** Log position of the newest note of progress: what is told as done comes before it. */
  async positionOf(operationId: string): Promise<string | undefined> {
    const [newest] = await this.store.readBackwards(streams.operation(operationId), 1);
    return newest?.position.toString();
  }

  /**
   * Chooses the targets that were not named. Whatever was written before the request is in the rows by then: all
   * means all.
   * @throws Problem `service-unavailable` when the rows are far behind; it is started later
   */
  async start(operationId: string): Promise<KnownOperation> {
    const operation = await this.find(operationId);
    const { status, action, selection } = operation;
    if (status !== 'requested') return operation;
    const requested = await this.positionOf(operationId);
    await this.view.reach(requested === undefined ? undefined : BigInt(requested));
    const targetIds = selection ? await this.targets.chosen(action, selection) : [];
    const origin = await this.originFor(operationId);
    await this.record(operationId, { type: 'StartBatch', targetIds, at: now() }, origin);
    return this.find(operationId);
  }

  async record(operationId: string, command: OperationCommand, origin: Origin): Promise<void> {
    await handleCommand(
      this.store,
      operationDecider,
      streams.operation(operationId),
      command,
      step(origin, `${command.type}-${command.at}`),
    );
  }

  /** Resolves when every target has been dealt with. */
  work(operationId: string): Promise<KnownOperation> {
    const known = this.atWork.get(operationId);
    if (known) return known;
    const working = this.workThrough(operationId, false).finally(() => this.atWork.delete(operationId));
    this.atWork.set(operationId, working);
    return working;
  }

  private async workThrough(operationId: string, resumed: boolean): Promise<KnownOperation> {
    const origin = await this.originFor(operationId);
    let operation = await this.start(operationId);
    while (!this.stopped && operation.status === 'running') {
      const batch = remainingOf(operation).slice(0, BATCH);
      if (batch.length > 0) await this.applyTo(operation, batch, resumed, origin);
      else await this.record(operationId, { type: 'CompleteBatch', at: now() }, origin);
      operation = await this.find(operationId);
    }
    return operation;
  }

  private async applyTo(operation: KnownOperation, batch: string[], resumed: boolean, origin: Origin) {
    const doneIds: string[] = [];
    const failures: TargetFailure[] = [];
    const waiting = [...batch];
    const worker = async () => {
      for (let targetId = waiting.shift(); targetId !== undefined; targetId = waiting.shift()) {
        const failure = await this.applyToOne(operation, targetId, resumed, origin);
        if (failure) failures.push(failure);
        else doneIds.push(targetId);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const { operationId } = operation;
    await this.record(operationId, { type: 'RecordProgress', doneIds, failures, at: now() }, origin);
  }

  private async applyToOne(
    operation: KnownOperation,
    targetId: string,
    resumed: boolean,
    origin: Origin,
  ): Promise<TargetFailure | undefined> {
    try {
      const targetOrigin = step(freshDeadline(origin), targetId);
      await this.actions.apply({ operation, targetId, resumed }, targetOrigin);
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem) || error.kind === 'unavailable') throw error;
      return { targetId, code: error.code, detail: error.message };
    }
  }

  /** Of the request that began it: every fact it causes is the same person's doing. */
  private async originFor(operationId: string): Promise<Origin> {
    const [first] = await this.store.read(streams.operation(operationId));
    return originOfRequest(operationId, first);
  }

  /** Goes on with what nobody has written of for a while. */
  async takeUpLost(): Promise<void> {
    try {
      const progressedAt = { $lt: new Date(Date.now() - LOST_AFTER_MS) };
      const lost = await this.database.em().find(OpenOperation, { progressedAt });
      for (const { id } of lost) {
        if (this.stopped || this.atWork.has(id)) continue;
        this.logger.warn({ operationId: id }, 'an operation has lost its worker; going on with it');
        const working = this.workThrough(id, true).finally(() => this.atWork.delete(id));
        this.atWork.set(id, working);
        working.catch((error) => this.logger.warn({ err: error, operationId: id }, 'trying again later'));
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'lost operations could not be looked for; trying again');
    }
  }
}

const now = () => new Date().toISOString();

const WORK_MS = 30_000;
const freshDeadline = (origin: Origin): Origin => ({ ...origin, deadline: Date.now() + WORK_MS });

const originOfRequest = (operationId: string, first: Recorded | undefined): Origin => {
  const actor: Actor = first?.metadata.actor ?? { kind: 'service', app: 'provisioner' };
  const { $correlationId: requestId = operationId, requestIp, userAgent } = first?.metadata ?? {};
  return originOf(
    {
      requestId,
      deadline: Date.now() + WORK_MS,
      ...(requestIp === undefined ? {} : { requestIp }),
      ...(userAgent === undefined ? {} : { userAgent }),
    },
    actor,
    { commandId: operationId, causationId: operationId },
  );
};

import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, RunBatchRequest, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { type Acting, actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { BatchTargets } from './batch-targets.js';
import type { KnownOperation } from './operation.decider.js';
import { RunBatch } from './operation.messages.js';
import { operationView } from './operation-view.js';
import { Operations } from './operations.js';

type Reply = ReplyOf<typeof subjects.runBatch>;

/** Up to so many targets are waited for. */
const AT_ONCE = 100;
/** Within the asker's patience; a batch that takes longer goes on by itself. */
const WAIT_MS = 25_000;

@CommandHandler(RunBatch)
export class RunBatchHandler implements ICommandHandler<RunBatch> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
    private readonly targets: BatchTargets,
    private readonly operations: Operations,
  ) {}

  async execute({ body, context }: RunBatch): Promise<Reply> {
    const acting = await this.tenancy.administrator(context);
    this.targets.check(body);
    if (body.dryRun) return this.foresee(body, acting, context.knownPosition);

    const { operationId, action, comment, removeRunners } = body;
    const origin = originOf(context, actorOf(acting), { commandId: operationId });
    const at = new Date().toISOString();
    await this.view.caughtUpWith(context.knownPosition);
    const meant = await this.targets.meantBy(body, acting);
    await this.operations.record(
      operationId,
      { type: 'RequestBatch', operationId, action, comment, removeRunners, ...meant, at },
      origin,
    );
    const operation = await this.workedOn(operationId);
    return {
      operation: operationView(operation),
      dryRun: false,
      ...present('position', await this.operations.positionOf(operationId)),
    };
  }

  /** From its request on a batch is carried out, whatever becomes of us: if need be somebody takes it up later. */
  private async workedOn(operationId: string): Promise<KnownOperation> {
    const look = () => this.operations.find(operationId);
    const { targetIds, status } = await this.operations.start(operationId).catch(look);
    if (status === 'requested') return look();
    const working = this.operations.work(operationId);
    working.catch(() => undefined);
    return targetIds.length <= AT_ONCE ? Promise.race([working, after(WAIT_MS, look)]) : look();
  }

  private async foresee(body: RunBatchRequest, acting: Acting, knownPosition?: string): Promise<Reply> {
    await this.view.caughtUpWith(knownPosition);
    const { operationId, action, comment } = body;
    const meant = await this.targets.meantBy(body, acting);
    const at = new Date().toISOString();
    const details = await this.targets.foreseen(action, meant);
    const affectedCount = details.filter(({ success }) => success).length;
    const total = details.length;
    const counts = { affectedCount, failedCount: total - affectedCount, total };
    return {
      operation: { operationId, action, comment, state: 'completed', ...counts, startedAt: at, details },
      dryRun: true,
    };
  }
}

const after = <T>(milliseconds: number, look: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    setTimeout(() => look().then(resolve, reject), milliseconds).unref();
  });

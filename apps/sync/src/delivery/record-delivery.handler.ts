import { randomUUID } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  type RecordDelivery as Delivery,
  githubDeliveryEvent,
  type ReplyOf,
  type RequestContext,
  streams,
  type subjects,
} from '#libs/contracts';
import { type EventStore, type NewMetadata, RevisionConflict } from '#libs/event-store';
import { AskedCommand } from '#libs/messaging';
import type { Installation } from '../sync.config.js';
import { SyncMetrics } from '../sync.metrics.js';
import { EVENT_STORE, INSTALLATION } from '../sync.tokens.js';

type Subject = typeof subjects.recordDelivery;
type Reply = ReplyOf<Subject>;

/** The gateway waits 8 s; the rest is for the answer's way back. */
const PATIENCE_MS = 7_000;
const WAY_BACK_MS = 500;

export class RecordDelivery extends AskedCommand<Subject> {}

/** Makes a delivery durable before GitHub is told that it arrived. What follows from it comes later. */
@CommandHandler(RecordDelivery)
export class RecordDeliveryHandler implements ICommandHandler<RecordDelivery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(INSTALLATION) private readonly installation: Installation,
    private readonly metrics: SyncMetrics,
  ) {}

  /** @throws Problem `event-store-unavailable`: nothing is promised, GitHub may send it again */
  async execute({ body, context }: RecordDelivery): Promise<Reply> {
    try {
      const status = this.isOurs(body) ? await this.record(body, context) : 'ignored';
      this.metrics.deliveries.inc({ result: status });
      return { status };
    } catch (error) {
      this.metrics.deliveries.inc({ result: 'failed' });
      throw error;
    }
  }

  private isOurs({ installationId, organization }: Delivery): boolean {
    const { scope, installationId: ours } = this.installation;
    return installationId === ours && organization.toLowerCase() === scope.login.toLowerCase();
  }

  private async record(delivery: Delivery, context: RequestContext): Promise<'accepted' | 'duplicate'> {
    const receivedAt = new Date().toISOString();
    const event = githubDeliveryEvent('WorkflowJobDelivered')({ ...delivery, receivedAt });
    // an id made from the GUID would let the store take a repeat for the same append sent again
    const newEvent = { ...event, id: randomUUID(), metadata: metadataOf(delivery, context) };
    try {
      await this.store.append(streams.githubDelivery(delivery.guid), [newEvent], 'no_stream', {
        deadline: deadlineOf(context),
      });
      return 'accepted';
    } catch (error) {
      if (error instanceof RevisionConflict) return 'duplicate';
      throw error;
    }
  }
}

const deadlineOf = ({ deadline }: RequestContext): number =>
  Math.min(Date.now() + PATIENCE_MS, (deadline ?? Number.POSITIVE_INFINITY) - WAY_BACK_MS);

const metadataOf = (
  { guid }: Delivery,
  { requestId, requestIp, userAgent, traceparent }: RequestContext,
): NewMetadata => ({
  $correlationId: requestId,
  $causationId: guid,
  actor: { kind: 'github' },
  ...(requestIp === undefined ? {} : { requestIp }),
  ...(userAgent === undefined ? {} : { userAgent }),
  ...(traceparent === undefined ? {} : { traceparent }),
});

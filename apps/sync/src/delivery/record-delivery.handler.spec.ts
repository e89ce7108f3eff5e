import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { type RecordDelivery as Delivery, Problem } from '#libs/contracts';
import { type EventStore, inMemoryEventStore } from '#libs/event-store';
import { SyncMetrics } from '../sync.metrics.js';
import { installationId, scope, workflowJobDelivery } from '../testing/log-of-runners.js';
import { RecordDelivery, RecordDeliveryHandler } from './record-delivery.handler.js';

const delivery = (changes: Partial<Delivery> = {}): Delivery => ({
  guid: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  bodySha256: 'd'.repeat(64),
  installationId,
  organization: 'Octo-Org',
  workflowJob: workflowJobDelivery({ action: 'in_progress', githubRunnerId: 7 }),
  ...changes,
});

const recordingTo = (store: EventStore) => {
  const handler = new RecordDeliveryHandler(
    store,
    { scope, installationId },
    new SyncMetrics(new Registry()),
  );
  return (body: Delivery, requestId = 'request-1') =>
    handler.execute(new RecordDelivery({ body, context: { requestId } }));
};

describe('recording a delivery', () => {
  it('is durable before it is accepted', async () => {
    const store = inMemoryEventStore();
    expect(await recordingTo(store)(delivery())).toEqual({ status: 'accepted' });
    expect(store.all()).toMatchObject([
      {
        stream: 'githubDelivery-72d3162e-cc78-11e3-81ab-4c9367dc0958',
        type: 'WorkflowJobDelivered',
        data: { ...delivery(), receivedAt: expect.any(String) },
        metadata: { $correlationId: 'request-1', actor: { kind: 'github' } },
      },
    ]);
  });

  it('knows a repeat by its GUID, also when the request looks the same', async () => {
    const store = inMemoryEventStore();
    const record = recordingTo(store);
    await record(delivery());
    expect(await record(delivery())).toEqual({ status: 'duplicate' });
    expect(await record(delivery(), 'request-2')).toEqual({ status: 'duplicate' });
    expect(store.all()).toHaveLength(1);
  });

  it('records one of twenty that arrive at once', async () => {
    const store = inMemoryEventStore();
    const record = recordingTo(store);
    const replies = await Promise.all(Array.from({ length: 20 }, () => record(delivery())));
    expect(replies.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect(store.all()).toHaveLength(1);
  });

  it.each([{ organization: 'somebody-else' }, { installationId: 4 }])(
    'ignores what belongs to %o',
    async (foreign) => {
      const store = inMemoryEventStore();
      expect(await recordingTo(store)(delivery(foreign))).toEqual({ status: 'ignored' });
      expect(store.all()).toEqual([]);
    },
  );

  it('promises nothing while the event store is away, and says so in time for the gateway', async () => {
    const deadlines: number[] = [];
    const away: EventStore = {
      ...inMemoryEventStore(),
      append: async (_stream, _events, _expected, options) => {
        deadlines.push(options?.deadline ?? Number.POSITIVE_INFINITY);
        throw new Problem('event-store-unavailable', 'The event store cannot be reached.');
      },
    };
    await expect(recordingTo(away)(delivery())).rejects.toMatchObject({ code: 'event-store-unavailable' });
    expect(Math.max(...deadlines)).toBeLessThan(Date.now() + 8_000);
  });
});

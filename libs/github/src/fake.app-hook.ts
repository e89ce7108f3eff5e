import { randomUUID } from 'node:crypto';
import type { AppHook, DeliveryPage, HookDelivery } from './app-hook.port.js';

/**
 * The App's webhook in memory, for specs. Behaves as `app-hook.contract.ts` demands; what the receiver answers, and
 * what else a spec does to it from outside, is in the methods below the port's own.
 */
export class FakeAppHook implements AppHook {
  /** Ids of the attempts it was asked to repeat, in order. */
  readonly askedAgain: string[] = [];
  /** Pages it was asked for. */
  listings = 0;
  /** The oldest first. */
  private readonly log: HookDelivery[] = [];
  private lastId = 0;
  private failure: Error | undefined;
  private receive: (delivery: HookDelivery) => Promise<number> | number = () => 202;

  constructor(private readonly perPage = 100) {}

  async listDeliveries(cursor?: string): Promise<DeliveryPage> {
    this.listings += 1;
    if (this.failure) throw this.failure;
    const newestFirst = this.log
      .filter(({ id }) => cursor === undefined || Number(id) < Number(cursor))
      .reverse();
    const deliveries = newestFirst.slice(0, this.perPage);
    const last = deliveries.at(-1);
    return newestFirst.length > deliveries.length && last ? { deliveries, next: last.id } : { deliveries };
  }

  async redeliver(deliveryId: string): Promise<'asked' | 'gone'> {
    if (this.failure) throw this.failure;
    this.askedAgain.push(deliveryId);
    const before = this.log.find(({ id }) => id === deliveryId);
    if (!before) return 'gone';
    await this.deliver({ guid: before.guid, event: before.event, ...installationOf(before) });
    return 'asked';
  }

  /** GitHub tries to deliver; answers with the GUID. */
  async deliver({
    guid = randomUUID(),
    event = 'workflow_job',
    deliveredAt = new Date().toISOString(),
    installationId,
    statusCode,
  }: Partial<Omit<HookDelivery, 'id'>> = {}): Promise<string> {
    this.lastId += 1;
    const attempt: HookDelivery = {
      id: String(this.lastId),
      guid,
      event,
      deliveredAt,
      statusCode: 0,
      ...(installationId === undefined ? {} : { installationId }),
    };
    this.log.push({ ...attempt, statusCode: statusCode ?? (await this.receive(attempt)) });
    return guid;
  }

  /** What the receiver does, and answers. */
  receives(receive: (delivery: HookDelivery) => Promise<number> | number): void {
    this.receive = receive;
  }

  /** GitHub no longer shows what it delivered so far. */
  forget(): void {
    this.log.splice(0);
  }

  /** Every call is refused, until it is told otherwise. */
  fails(failure: Error | undefined): void {
    this.failure = failure;
  }
}

const installationOf = ({ installationId }: HookDelivery) =>
  installationId === undefined ? {} : { installationId };

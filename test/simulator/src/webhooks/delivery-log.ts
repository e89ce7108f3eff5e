import type { StatementSync } from 'node:sqlite';
import type { Database } from '../store/database.js';

/** An event on its way: what is the same for its first delivery and for every redelivery. */
export interface HookEvent {
  guid: string;
  event: string;
  action: string | null;
  repositoryId: number | null;
  /** The payload as JSON text: signed and sent as it is. */
  payload: string;
}

/** How one attempt to deliver went. */
export interface DeliveryOutcome {
  /** 0 when nobody answered. */
  statusCode: number;
  /** `OK` or an error phrase. */
  status: string;
  /** Seconds. */
  duration: number;
  url: string;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
}

export interface Delivery extends HookEvent {
  id: number;
  redelivery: boolean;
  /** Milliseconds since 1970; null while it is still on its way. */
  deliveredAt: number | null;
  outcome: DeliveryOutcome | null;
}

export type DeliveryFilter = 'success' | 'failure';

const mostKept = 20_000;

/** Least and most, as GitHub's filter has them. */
const statusCodes: Record<DeliveryFilter | 'any', [number, number]> = {
  any: [0, 999],
  success: [200, 399],
  failure: [400, 599],
};

/** Every attempt to deliver a webhook, in the file rather than in memory: payloads are large. */
export class DeliveryLog {
  private readonly insert: StatementSync;
  private readonly settle: StatementSync;
  private readonly one: StatementSync;

  constructor(
    private readonly database: Database,
    /** Milliseconds since 1970: what was delivered before can be neither seen nor sent again. */
    private readonly oldest: () => number,
  ) {
    database.sql.exec(`
      CREATE TABLE IF NOT EXISTS delivery (
        id INTEGER PRIMARY KEY, event TEXT NOT NULL, redelivery INTEGER NOT NULL,
        delivered_at INTEGER, status_code INTEGER, outcome TEXT
      )
    `);
    this.insert = database.sql.prepare('INSERT INTO delivery (id, event, redelivery) VALUES (?, ?, ?)');
    this.settle = database.sql.prepare(
      'UPDATE delivery SET delivered_at = ?, status_code = ?, outcome = ? WHERE id = ?',
    );
    this.one = database.sql.prepare('SELECT * FROM delivery WHERE id = ?');
  }

  add(event: HookEvent, redelivery: boolean): Delivery {
    const id = this.database.next('delivery', 100_001);
    this.insert.run(id, JSON.stringify(event), redelivery ? 1 : 0);
    return { ...event, id, redelivery, deliveredAt: null, outcome: null };
  }

  finish(id: number, at: number, outcome: DeliveryOutcome): void {
    this.settle.run(at, outcome.statusCode, JSON.stringify(outcome), id);
  }

  get(id: number): Delivery | undefined {
    const row = this.one.get(id);
    const delivery = row && toDelivery(row);
    return delivery && (delivery.deliveredAt ?? Number.POSITIVE_INFINITY) >= this.oldest()
      ? delivery
      : undefined;
  }

  /** On its way when the simulator stopped. */
  unfinished(): Delivery[] {
    return this.database.sql
      .prepare('SELECT * FROM delivery WHERE delivered_at IS NULL ORDER BY id')
      .all()
      .map(toDelivery);
  }

  /** Finished deliveries with an id below `before`, newest first. What nobody answered passes neither filter. */
  page(before: number, count: number, filter: DeliveryFilter | undefined): Delivery[] {
    const [least, most] = statusCodes[filter ?? 'any'];
    return this.database.sql
      .prepare(
        `SELECT * FROM delivery
         WHERE delivered_at >= ? AND id < ? AND status_code BETWEEN ? AND ? ORDER BY id DESC LIMIT ?`,
      )
      .all(this.oldest(), before, least, most, count)
      .map(toDelivery);
  }

  forgetOld(): void {
    this.database.sql
      .prepare(
        `DELETE FROM delivery WHERE delivered_at < ?
         OR id <= (SELECT id FROM delivery ORDER BY id DESC LIMIT 1 OFFSET ?)`,
      )
      .run(this.oldest(), mostKept);
  }
}

function toDelivery(row: Record<string, unknown>): Delivery {
  const event: HookEvent = JSON.parse(String(row.event));
  return {
    ...event,
    id: Number(row.id),
    redelivery: row.redelivery === 1,
    deliveredAt: row.delivered_at === null ? null : Number(row.delivered_at),
    outcome: row.outcome === null ? null : JSON.parse(String(row.outcome)),
  };
}

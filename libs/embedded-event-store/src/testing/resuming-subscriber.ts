import { setTimeout } from 'node:timers/promises';
import {
  type AllStreamSubscription,
  EventStoreDBClient,
  type Position,
  type RecordedEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';

const PAUSE_BEFORE_RETRY = 50;

/** Follows `$all` by a stream prefix and, after each break, goes on from the last thing it has seen. */
export class ResumingSubscriber {
  readonly received: RecordedEvent[] = [];
  /** Times it had to begin again. */
  resumptions = 0;
  readonly #client: EventStoreDBClient;
  #from: Position | typeof START = START;
  #subscription: AllStreamSubscription | undefined;
  #stopped = false;

  constructor(
    connectionString: string,
    private readonly prefix: string,
  ) {
    this.#client = EventStoreDBClient.connectionString(connectionString);
    this.#follow();
  }

  /** Gives up after a while: what is missing then is for the test to say. */
  async until(reached: () => boolean): Promise<void> {
    for (let wait = 0; wait < 100 && !reached(); wait += 1) await setTimeout(50);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#subscription?.unsubscribe();
    await this.#client.dispose();
  }

  #follow(): void {
    if (this.#stopped) return;
    const filter = streamNameFilter({
      prefixes: [this.prefix],
      checkpointReached: async (_subscription, position) => {
        this.#from = position;
      },
    });
    const subscription = this.#client.subscribeToAll({ fromPosition: this.#from, filter });
    this.#subscription = subscription;
    subscription.on('data', ({ event }) => {
      if (event === undefined) return;
      this.received.push(event as RecordedEvent);
      this.#from = event.position ?? this.#from;
    });
    subscription.once('error', async () => {
      subscription.removeAllListeners('data');
      this.resumptions += 1;
      await setTimeout(PAUSE_BEFORE_RETRY);
      this.#follow();
    });
    subscription.on('error', () => undefined);
  }
}

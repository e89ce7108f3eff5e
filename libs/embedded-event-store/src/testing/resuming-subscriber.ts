import { setTimeout } from 'node:timers/promises';
import {
  type AllStreamSubscription,
  EventStoreDBClient,
  type Position,
  type RecordedEvent,
  type ResolvedEvent,
  START,
  type StreamSubscription,
  streamNameFilter,
} from '@eventstore/db-client';

const PAUSE_BEFORE_RETRY = 50;

/** Of what a subscriber has seen: enough to tell whether it was all, once and in order. */
export type SeenEvent = Pick<RecordedEvent, 'streamId' | 'revision' | 'position'>;

type Subscription = AllStreamSubscription | StreamSubscription;

/** Begins after the last event seen, or where the server said it had looked to. */
type Follow = (
  client: EventStoreDBClient,
  last: SeenEvent | undefined,
  checkpoint: Position | undefined,
  atCheckpoint: (position: Position) => void,
) => Subscription;

export const followingAll: Follow = (client, last) =>
  client.subscribeToAll({ fromPosition: last?.position ?? START });

export const followingPrefix =
  (prefix: string): Follow =>
  (client, last, checkpoint, atCheckpoint) => {
    const filter = streamNameFilter({
      prefixes: [prefix],
      checkpointReached: async (_subscription, position) => atCheckpoint(position),
    });
    return client.subscribeToAll({ filter, fromPosition: checkpoint ?? last?.position ?? START });
  };

export const followingStream =
  (stream: string): Follow =>
  (client, last) =>
    client.subscribeToStream(stream, { fromRevision: last?.revision ?? START });

/** Follows and, after each break, goes on from the last thing it has seen. */
export class ResumingSubscriber {
  readonly received: SeenEvent[] = [];
  /** Times it had to begin again. */
  resumptions = 0;
  readonly #client: EventStoreDBClient;
  #checkpoint: Position | undefined;
  #subscription: Subscription | undefined;
  #stopped = false;

  constructor(
    connectionString: string,
    private readonly follow: Follow,
  ) {
    this.#client = EventStoreDBClient.connectionString(connectionString);
    this.#begin();
  }

  /** Gives up after a while: what is missing then is for the test to say. */
  async until(reached: () => boolean): Promise<void> {
    for (let wait = 0; wait < 200 && !reached(); wait += 1) await setTimeout(50);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#subscription?.unsubscribe();
    await this.#client.dispose();
  }

  #begin(): void {
    if (this.#stopped) return;
    const subscription = this.follow(this.#client, this.received.at(-1), this.#checkpoint, (position) => {
      this.#checkpoint = position;
    });
    this.#subscription = subscription;
    subscription.on('data', ({ event }: ResolvedEvent) => {
      if (event === undefined) return;
      const { streamId, revision, position } = event;
      this.received.push({ streamId, revision, ...(position && { position }) });
      this.#checkpoint = undefined;
    });
    subscription.once('error', async () => {
      subscription.removeAllListeners('data');
      this.resumptions += 1;
      await setTimeout(PAUSE_BEFORE_RETRY);
      this.#begin();
    });
    subscription.on('error', () => undefined);
  }
}

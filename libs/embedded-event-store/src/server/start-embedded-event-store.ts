import { promisify } from 'node:util';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { WriteQueue } from '../appending/write-queue.js';
import { Backups } from '../backup/backups.js';
import { createGrpcServer } from '../protocol/create-grpc-server.js';
import type { EventStoreContext } from '../protocol/event-store-context.js';
import { OpenCalls } from '../protocol/open-calls.js';
import { type ScavengeResult, Scavenger } from '../scavenging/scavenger.js';
import { EventLog } from '../storage/event-log.js';
import { leavesFileInDoubt } from '../storage/storage-failure.js';
import { LiveLog } from '../subscriptions/live-log.js';
import { loopbackAddress } from './loopback.js';
import { type EventStoreObserver, NO_OBSERVER } from './observer.js';

/** EventStoreDB's default, bytes. */
const MAX_APPEND_SIZE = 1024 * 1024;

/** How long open calls may take to end before their connections are cut, milliseconds. */
const GRACE = 2000;

export interface EmbeddedEventStoreOptions {
  /** A loopback address; the server has neither TLS nor users. Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Path of the SQLite file, made when it is not there; or `:memory:`. */
  readonly file: string;
  readonly observer?: EventStoreObserver;
}

export interface EmbeddedEventStore {
  /** For the official client: `esdb://127.0.0.1:PORT?tls=false`. */
  readonly connectionString: string;
  /** Runs once through the whole log, beside reads and appends; undefined when it failed or was stopped. */
  scavenge(): Promise<ScavengeResult | undefined>;
  /** Copies the log to a file beside it; see {@link Backups.make}. */
  backUp(): Promise<string | undefined>;
  /** Answers what was accepted, ends the open calls, closes the file. Takes no longer than 5 s. */
  stop(): Promise<void>;
}

/** @throws EventFileError when the file is no usable event store */
export const startEmbeddedEventStore = async ({
  host = '127.0.0.1',
  port = 0,
  file,
  observer = NO_OBSERVER,
}: EmbeddedEventStoreOptions): Promise<EmbeddedEventStore> => {
  const address = loopbackAddress(host);
  if (address === undefined)
    throw new Error(`The embedded event store listens on loopback only, not on ${host}.`);

  const log = EventLog.open(file);
  const live = new LiveLog(log);
  let stopping = false;
  let boundPort = port;
  const calls = new OpenCalls();
  const writes = new WriteQueue(log, {
    committed: (group) => {
      live.publish(group.events);
      observer.committed(group);
    },
    failed: (error, lasting) => observer.writeFailed(error, lasting),
  });
  const backups = new Backups(log, file);
  const scavenger = new Scavenger(log, {
    scavenged: (result) => observer.scavenged(result),
    scavengeFailed: (error) => {
      observer.scavengeFailed(error);
      if (leavesFileInDoubt(error)) observer.writeFailed(error, true);
    },
  });
  const context: EventStoreContext = {
    live,
    writes,
    calls,
    observer,
    maxAppendSize: MAX_APPEND_SIZE,
    stopping: () => stopping,
  };
  const server = createGrpcServer(context, () => ({ host: address, port: boundPort }));
  try {
    boundPort = await bind(server, address, port);
  } catch (error) {
    log.close();
    throw error;
  }

  const stop = async (): Promise<void> => {
    stopping = true;
    writes.flush();
    calls.endAll();
    await Promise.all([shutDown(server), scavenger.stop()]);
    writes.flush();
    log.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    connectionString: `esdb://${address}:${boundPort}?tls=false`,
    scavenge: () => scavenger.scavenge(),
    backUp: () => backups.make(),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
};

const bind = (server: Server, host: string, port: number): Promise<number> =>
  promisify((done: (error: Error | null, bound: number) => void) =>
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), done),
  )();

const shutDown = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, GRACE);
    server.tryShutdown(() => {
      clearTimeout(cut);
      resolve();
    });
  });

import type { Logger } from 'pino';
import type { EmbeddedEventStoreConfig } from '../embedded-event-store.config.js';
import type { EventStoreObserver } from '../server/observer.js';
import { type EmbeddedEventStore, startEmbeddedEventStore } from '../server/start-embedded-event-store.js';
import { createMetrics } from './event-store-metrics.js';
import { startInternalHttp } from './internal-http.js';
import { writeRunFile } from './run-file.js';

/**
 * The server as a process: with health, metrics, logs and a run file around it.
 *
 * @param abandon called when the file is in doubt and only a new start helps
 */
export const runEventStore = async (
  { host, port, file, scavengeIntervalSeconds, internalPort, runFile }: EmbeddedEventStoreConfig,
  logger: Logger,
  abandon: (error: Error) => void,
): Promise<{ stop(): Promise<void> }> => {
  const metrics = createMetrics((error, message) => logger.error({ err: error }, message));
  const observer: EventStoreObserver = {
    ...metrics.observer,
    writeFailed: (error, lasting) => {
      metrics.observer.writeFailed(error, lasting);
      if (lasting) abandon(error);
    },
    scavenged: (result) => {
      metrics.observer.scavenged(result);
      logger.info(result, 'scavenged');
    },
  };
  let serving: EmbeddedEventStore | undefined;
  const internal = await startInternalHttp(internalPort, {
    registry: metrics.registry,
    ready: () => serving !== undefined && metrics.writable(),
    store: () => serving,
  });
  const store = await startEmbeddedEventStore({ host, port, file, observer }).catch(
    async (error: unknown) => {
      await internal.close();
      throw error;
    },
  );
  serving = store;
  const scavenges = every(scavengeIntervalSeconds, () => store.scavenge());
  const addresses = { internal_url: internal.url, connection_string: store.connectionString };
  if (runFile !== undefined)
    await writeRunFile(runFile, { app: 'event-store', pid: process.pid, ...addresses });
  logger.info({ ...addresses, file }, 'listening');
  return {
    stop: async () => {
      serving = undefined;
      clearInterval(scavenges);
      await store.stop();
      await internal.close();
    },
  };
};

/** @param seconds 0 stands for never */
const every = (seconds: number, work: () => unknown): NodeJS.Timeout | undefined =>
  seconds === 0 ? undefined : setInterval(work, seconds * 1000).unref();

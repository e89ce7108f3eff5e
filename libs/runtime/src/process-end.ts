import { Logger } from '@nestjs/common';

const logger = new Logger('process');

/** Ends this process in order when the one that started it is gone. */
export const endWithParent = (enabled: boolean): void => {
  if (!enabled) return;
  process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
};

/**
 * A broken connection of the event store's client rejects promises nobody holds; that heals by itself and must not
 * end the process. Everything of the kind is logged.
 */
export const surviveStrayRejections = (): void => {
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise was rejected unheard'));
};

import { pino } from 'pino';
import { ConfigurationError, readConfig } from './embedded-event-store.config.js';
import { runEventStore } from './operation/run-event-store.js';
import { EventFileError } from './storage/event-file.error.js';

/** Longer than stopping may take; the process ends then whatever still hangs, milliseconds. */
const STOP_LIMIT = 5000;

const logger = pino({ base: { app: 'event-store', pid: process.pid } });

/** For what the operator can mend without looking at the code. */
const explain = (error: unknown): void => {
  if (error instanceof ConfigurationError) {
    for (const fault of error.faults) logger.fatal({ fault }, 'configuration fault');
  } else if (error instanceof EventFileError) logger.fatal(error.message);
  else logger.fatal({ err: error }, 'could not start');
};

try {
  const config = readConfig(process.env);
  logger.level = config.logLevel;
  const running = await runEventStore(config, logger, (error) => {
    logger.fatal({ err: error }, 'the file is in doubt: stopping, the next start recovers it');
    process.exit(1);
  });
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT).unref();
    running.stop().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}

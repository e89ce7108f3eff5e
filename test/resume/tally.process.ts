import { eventStoreDb } from '#libs/event-store';
import { runProjections } from '#libs/read-model';
import { openTallyDatabase, tally } from './tally.projection.js';

/** A service that does nothing but keep its rows up with the log, until it is killed. */
const { EVENTSTORE_URL = '', DATABASE_URL = '' } = process.env;
const tell = ({ err }: { err?: unknown }, message: string) => process.stderr.write(`${message}: ${err}\n`);

process.on('unhandledRejection', (error) => process.stderr.write(`unheard: ${error}\n`));
runProjections({
  log: eventStoreDb(EVENTSTORE_URL),
  database: await openTallyDatabase(DATABASE_URL),
  projections: [tally],
  logger: { warn: tell, error: tell },
});

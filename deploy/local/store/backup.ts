import { backUpStore } from './back-up-store.js';
import { runStoreCommand } from './run-store-command.js';

await runStoreCommand(backUpStore);

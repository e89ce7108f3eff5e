import { restoreStore } from './restore-store.js';
import { runStoreCommand } from './run-store-command.js';

await runStoreCommand(restoreStore);

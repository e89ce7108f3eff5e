import { pathToFileURL } from 'node:url';
import { ConfigurationError } from './read-config.js';

/** Runs `main` when the module is what the process was started with; a fault in the configuration is said plainly. */
export const runMain = (moduleUrl: string, main: () => Promise<void>): void => {
  const [, script] = process.argv;
  if (script === undefined || pathToFileURL(script).href !== moduleUrl) return;
  main().catch((error: unknown) => {
    const text = error instanceof ConfigurationError ? error.message : (error as Error).stack;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  });
};

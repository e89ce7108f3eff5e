import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

/** The folder of package.json, whatever folder the script was called from. */
export const root = resolve(import.meta.dirname, '../../..');

/** @param {...string} parts */
export const inProject = (...parts) => join(root, ...parts);

/**
 * The variables of the process and of `.env` in the working directory; the process wins.
 * @returns {Record<string, string | undefined>}
 */
export function environment() {
  const fromFile = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...fromFile, ...process.env };
}

/** @param {string} message */
export const say = (message) => process.stderr.write(`${message}\n`);

/** A fault that the reader can mend: shown without a stack. */
export class SetupFault extends Error {}

/**
 * npm hands a signal to its shell, and not every shell hands it on: a parent that is gone means the same. Only
 * under npm, as a script started by hand may well outlive its shell.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const look = () => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  };
  const timer = setInterval(look, 300).unref();
}

/**
 * Runs a script; a fault ends it with exit code 1 and its message alone.
 * @param {() => Promise<number>} main answers the exit code
 */
export async function runScript(main) {
  endWithNpm();
  try {
    process.exitCode = await main();
  } catch (error) {
    say(error instanceof SetupFault ? error.message : String(error instanceof Error ? error.stack : error));
    process.exitCode = 1;
  }
}

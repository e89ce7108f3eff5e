import { appendFileSync, readFileSync } from 'node:fs';
import type { Deletion, Exchange, Observer, SentHook } from './observer.js';

/** A line of the record. */
export type Recorded = { answered: Exchange } | { sending: SentHook } | { deleted: Deletion };

/** Members whose text opens something. */
const secrets = new Set(['token', 'encoded_jit_config', 'secret']);

const blanked = (name: string, value: unknown): unknown =>
  secrets.has(name) && typeof value === 'string' ? '(blanked out)' : value;

/** Writes what leaves in GitHub's name to a file, a line of JSON each, without the secrets in it. */
export function recorder(path: string): Observer {
  const write = (recorded: Recorded) => {
    // The newline comes first: what a killed process left half written stays on a line of its own.
    appendFileSync(path, `\n${JSON.stringify(recorded, blanked)}`, { mode: 0o600 });
  };
  return {
    answered: (exchange) => write({ answered: exchange }),
    sending: (hook) => write({ sending: hook }),
    deleted: (deletion) => write({ deleted: deletion }),
  };
}

/** What was recorded, in order; nothing of what a killed process left half written. */
export const recordsIn = (path: string): Recorded[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Recorded];
      } catch {
        return [];
      }
    });

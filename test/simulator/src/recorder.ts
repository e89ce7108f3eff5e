import { appendFileSync } from 'node:fs';
import type { Exchange, Observer, SentHook } from './observer.js';

/** A line of the record. */
export type Recorded = { answered: Exchange } | { sending: SentHook };

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
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { AppName } from './subject.js';
import { subjects } from './subjects.js';

const CONFIGURATION = readFileSync(join(import.meta.dirname, '../../../deploy/nats/nats.conf'), 'utf8');

/** The `allow` list of one user's `publish` or `subscribe` in nats.conf. */
const allowed = (app: string, direction: 'publish' | 'subscribe'): string[] => {
  const user = CONFIGURATION.split(/\buser:/).find((part) => part.trim().startsWith(app)) ?? '';
  const [, list = ''] =
    new RegExp(`${direction}:?\\s*(?:\\{\\s*allow:\\s*)?\\[([^\\]]*)\\]`).exec(user) ?? [];
  return list.match(/[A-Za-z0-9_.>*-]+/g) ?? [];
};

const covers = (patterns: readonly string[], subject: string) =>
  patterns.some(
    (pattern) => pattern === subject || (pattern.endsWith('.>') && subject.startsWith(pattern.slice(0, -1))),
  );

describe.each(Object.values(subjects))('$subject', ({ subject, askedBy, answeredBy }) => {
  const everybody: AppName[] = ['gateway', 'provisioner', 'sync', 'audit', 'dashboard', 'cli'];

  it.each(everybody)('may be asked by %s only when the table says so', (app) =>
    expect(covers(allowed(app, 'publish'), subject)).toBe((askedBy as readonly string[]).includes(app)),
  );

  it.each(everybody)('may be answered by %s only when the table says so', (app) =>
    expect(covers(allowed(app, 'subscribe'), subject)).toBe(answeredBy === app),
  );
});

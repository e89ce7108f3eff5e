import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { switchesIn, switchNames } from './src/admin/switch-names.js';
import { defaults } from './src/admin/switch-values.js';
import { Switches } from './src/admin/switches.js';
import { Database } from './src/store/database.js';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

/** The rows of the table of switches: name → default. */
const documented = () => {
  const [, table = ''] = /\| switch \| default \|[^\n]*\n\|[-|]+\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  return table.split('\n').map((row) => {
    const [, name = '', value = '', meaning = ''] = row.split(/(?<!\\) ?\| ?/);
    return { name: name.replaceAll('`', ''), value: value.replaceAll('`', ''), meaning };
  });
};

/** `{delay_ms: 0}` → the value. */
const parsed = (text: string): unknown => {
  if (text === 'none') return [];
  if (/^[a-z]/.test(text) && !['true', 'false'].includes(text)) return text;
  return JSON.parse(text.replaceAll(/([{ ])(\w+):/g, '$1"$2":'));
};

describe('the switches', () => {
  it('are documented, each with its default', () => {
    const rows = documented().map(({ name, value }) => [name.replace('[]', ''), parsed(value)]);
    expect(Object.fromEntries(rows)).toEqual(defaults);
  });

  it('have their members named where their meaning is told', () => {
    for (const { name, value, meaning } of documented()) {
      const members = switchNames.filter((each) => each.startsWith(`${name.replace('[]', '')}.`));
      for (const member of members) expect(`${value} ${meaning}`).toContain(member.split('.')[1]);
      expect({ name, told: meaning.trim().length > 3 }).toEqual({ name, told: true });
    }
  });

  it('are names of the schema, also when they are read from a patch', () => {
    expect(switchNames).toEqual(
      expect.arrayContaining(['flavour', 'latency_ms', 'failures.when', 'hooks.drop_rate', 'job.conclusion']),
    );
    const patch = { latency_ms: { all: 1 }, failures: [{ when: 'after' }], hooks: { drop_rate: 1 } };
    expect(switchesIn(patch)).toEqual(['latency_ms', 'failures.when', 'hooks.drop_rate']);
  });

  it('are refused when they do not fit, and stay as they were', () => {
    const switches = new Switches(new Database(':memory:'));
    switches.patch({ hooks: { drop_rate: 0.5 } });
    expect(() => switches.patch({ hooks: { drop_rate: 2 } })).toThrow();
    expect(() => switches.patch({ hooks: { dropp_rate: 1 } })).toThrow('dropp_rate');
    expect(switches.values.hooks.drop_rate).toBe(0.5);
    expect(switches.patch({ hooks: { drop_rate: null } })).toEqual(defaults);
  });

  it.each([
    { clock_skew_seconds: 1e15 },
    { clock_skew_seconds: -1e15 },
    { runner_service: { token_seconds: 1e15 } },
    { rate_limit: { window_seconds: 1e15 } },
    { latency_ms: 2 ** 31 },
    { hooks: { delay_ms: 2 ** 30 } },
  ])('are refused when no date or no timer can follow them: %j', (patch) => {
    const switches = new Switches(new Database(':memory:'));
    expect(() => switches.patch(patch)).toThrow('Too');
    expect(switches.values).toEqual(defaults);
  });

  it('follow the flavour, except where something was said', () => {
    const switches = new Switches(new Database(':memory:'));
    switches.patch({ hooks: { drop_rate: 0.5 }, flavour: 'ghes' });
    expect(switches.values).toMatchObject({
      rate_limit: { enabled: false },
      hooks: { timeout_ms: 30_000, drop_rate: 0.5 },
    });
    expect(switches.patch({ rate_limit: { enabled: true } }).rate_limit.enabled).toBe(true);
    expect(switches.patch({ rate_limit: { enabled: null } }).rate_limit.enabled).toBe(false);
    expect(switches.patch({ flavour: null })).toMatchObject({
      flavour: 'github.com',
      rate_limit: { enabled: true },
      hooks: { timeout_ms: 10_000, drop_rate: 0.5 },
    });
  });

  it('are kept as they were asked for, over a restart too', () => {
    const database = new Database(':memory:');
    new Switches(database).patch({ flavour: 'ghes', failures: [{ status: 500, next: 2 }] });
    new Switches(database).takeFailure('apps/get-authenticated');
    const { values } = new Switches(database);
    expect(values).toMatchObject({
      flavour: 'ghes',
      rate_limit: { enabled: false },
      failures: [{ next: 1 }],
    });
  });
});

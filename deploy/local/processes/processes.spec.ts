import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BackOff } from './back-off.js';
import { LogFile } from './log-file.js';
import { noteworthy } from './log-line.js';
import { processIdentity } from './process-identity.js';

describe('back-off', () => {
  it('begins at 0.3 s and doubles to 10 s', () => {
    const backOff = new BackOff();
    const delays = Array.from({ length: 8 }, () => backOff.afterLifeOf(100));
    expect(delays).toEqual([300, 600, 1_200, 2_400, 4_800, 9_600, 10_000, 10_000]);
  });

  it('begins again after 30 s of life', () => {
    const backOff = new BackOff();
    const delays = [100, 100, 30_000, 100].map((lived) => backOff.afterLifeOf(lived));
    expect(delays).toEqual([300, 600, 300, 600]);
  });
});

describe('a log line', () => {
  it.each([
    ['{"level":30,"msg":"listening"}', 'stdout', undefined],
    ['{"level":40,"msg":"slow"}', 'stdout', 'warning: slow'],
    [
      '{"level":50,"context":"bus","msg":"lost","err":{"message":"why"}}',
      'stdout',
      'error: [bus] lost – why',
    ],
    ['{"level":50,"err":{"message":"why"}}', 'stdout', 'error: why'],
    ['{not json', 'stdout', undefined],
    ['plain text', 'stdout', undefined],
    ['TypeError: no', 'stderr', 'TypeError: no'],
    ['    at main.js:1:1', 'stderr', undefined],
    ['[7] 2026/11/21 05:02:44.15 [INF] Server is ready', 'stderr', undefined],
    ['[7] 2026/11/21 05:02:44.15 [ERR] Publish Violation', 'stderr', 'error: Publish Violation'],
    ['[7] 2026/11/21 05:02:44.15 [WRN] Plaintext passwords detected, use nkeys', 'stderr', undefined],
  ] as const)('%s on %s shows %s', (line, from, shown) => {
    expect(noteworthy(line, from)).toBe(shown);
  });
});

describe('a log file', () => {
  it('keeps one older part when it is full', () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    const path = join(folder, 'x.log');
    const log = new LogFile(path, 10);
    for (const line of ['one', 'two', 'three', 'four']) log.write(line);
    log.close();
    expect([readFileSync(`${path}.1`, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['three\n', 'four\n']);
    rmSync(folder, { recursive: true });
  });
});

describe('the identity of a process', () => {
  it('is the same as long as it lives and none without it', () => {
    expect(processIdentity(process.pid)).toMatch(new RegExp(`^${process.pid} .+`));
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    expect(processIdentity(2 ** 22 + 1)).toBeUndefined();
  });
});

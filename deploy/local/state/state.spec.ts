import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataDirectory } from './data-directory.js';
import { lockDataDirectory } from './data-directory-lock.js';
import { claimPorts, isFree } from './ports.js';
import { ensureSecrets, natsUsers } from './secrets.js';

let folder: string;
let data: DataDirectory;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
  data = new DataDirectory(join(folder, 'data'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the data directory', () => {
  it('is for its owner only', () => {
    expect(modeOf(data.path)).toBe(0o700);
    data.writeJson(data.in('x.json'), {});
    expect(modeOf(data.in('x.json'))).toBe(0o600);
  });

  it('takes a file that is not whole for none', () => {
    writeFileSync(data.in('x.json'), '{"a":');
    expect(data.readJson(data.in('x.json'))).toBeUndefined();
  });
});

describe('the lock', () => {
  it('lets one in, names it to the second, and is free again after its release', () => {
    const first = lockDataDirectory(data);
    expect(() => lockDataDirectory(data)).toThrow(`in use by process ${process.pid}`);
    first.release();
    lockDataDirectory(data).release();
  });
});

describe('ports', () => {
  it('are the same at the next start', async () => {
    const first = await claimPorts(data, ['a', 'b']);
    expect(new Set(Object.values(first)).size).toBe(2);
    expect(await claimPorts(data, ['a', 'b'])).toEqual(first);
  });

  it('are replaced where somebody else took them', async () => {
    const { a, b } = await claimPorts(data, ['a', 'b']);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(a, '127.0.0.1', resolve));
    const next = await claimPorts(data, ['a', 'b']);
    await new Promise((resolve) => other.close(resolve));
    expect(next.b).toBe(b);
    expect(next.a).not.toBe(a);
    expect(await isFree(next.a)).toBe(true);
  });
});

describe('secrets', () => {
  it('are made once, for the owner only, and fit nats-server', () => {
    const first = ensureSecrets(data);
    expect(ensureSecrets(data)).toEqual(first);
    expect(new Set(Object.values(first.natsPasswords)).size).toBe(natsUsers.length);
    expect(first.natsPasswords.gateway).toMatch(/^s[0-9a-f]{64}$/);
    expect(readFileSync(first.githubAppKeyPath, 'utf8')).toContain('BEGIN PRIVATE KEY');
    expect(modeOf(first.githubAppKeyPath)).toBe(0o600);
    expect(modeOf(data.in('secrets', 'secrets.json'))).toBe(0o600);
  });
});

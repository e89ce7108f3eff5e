import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The App's private key: given, or made for this run. */
export interface AppKey {
  pem: string;
  path: string;
  /** True when nobody else can know the file. */
  made: boolean;
  /** Removes a key that was made. */
  discard: () => void;
}

/** PKCS#8, which Octokit's signing needs. */
export const newAppKeyPem = (): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

export function appKey(path: string | undefined): AppKey {
  if (path) return { pem: readFileSync(path, 'utf8'), path, made: false, discard: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'github-simulator-'));
  const pem = newAppKeyPem();
  const file = join(folder, 'app.private-key.pem');
  writeFileSync(file, pem, { mode: 0o600 });
  return { pem, path: file, made: true, discard: () => rmSync(folder, { recursive: true, force: true }) };
}

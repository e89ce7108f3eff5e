import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { DataDirectory } from './data-directory.js';

/** The users of `deploy/nats/nats.conf`. */
export const natsUsers = ['gateway', 'provisioner', 'sync', 'audit', 'dashboard', 'cli'] as const;
export type NatsUser = (typeof natsUsers)[number];

export interface Secrets {
  readonly serverSecret: string;
  readonly webhookSecret: string;
  readonly oidcClientSecret: string;
  readonly natsPasswords: Readonly<Record<NatsUser, string>>;
  /** Where the private key of the simulated GitHub App lies. */
  readonly githubAppKeyPath: string;
}

/** Makes each secret once; later starts find the same ones. */
export function ensureSecrets(data: DataDirectory): Secrets {
  const file = data.in('secrets', 'secrets.json');
  const kept = data.readJson(file) ?? {};
  const secret = (name: string) => {
    const value = kept[name];
    return typeof value === 'string' ? value : newSecret();
  };
  const texts = {
    serverSecret: secret('serverSecret'),
    webhookSecret: secret('webhookSecret'),
    oidcClientSecret: secret('oidcClientSecret'),
  };
  const passwords = Object.fromEntries(natsUsers.map((user) => [user, secret(`nats.${user}`)]));
  const named = Object.entries(passwords).map(([user, password]) => [`nats.${user}`, password]);
  data.writeJson(file, { ...texts, ...Object.fromEntries(named) });
  return {
    ...texts,
    natsPasswords: passwords as Record<NatsUser, string>,
    githubAppKeyPath: ensureKey(data.in('secrets', 'github-app.pem')),
  };
}

/** Begins with a letter, as nats-server wants it of passwords from the environment. */
const newSecret = () => `s${randomBytes(32).toString('hex')}`;

function ensureKey(file: string): string {
  if (existsSync(file)) return file;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return file;
}

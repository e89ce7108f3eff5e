import { createPrivateKey, type KeyObject } from 'node:crypto';
import { terminated } from './exit-code.js';

/** All a runner knows about itself and about GitHub. */
export interface RunnerSettings {
  id: number;
  name: string;
  ephemeral: boolean;
  /** `ServerUrlV2`, ends in `/`. */
  brokerUrl: string;
  clientId: string;
  authorizationUrl: string;
  /** Decides between PS256 and RS256. */
  requireFips: boolean;
  privateKey: KeyObject;
}

type File = Readonly<Record<string, unknown>>;

/**
 * Unpacks `encoded_jit_config`: base64 of a JSON object of three base64 files.
 * @throws RunnerExit with code 1 for anything else
 */
export function unpackJitConfig(encoded: string): RunnerSettings {
  const files = parsed(Buffer.from(encoded.trim(), 'base64').toString('utf8'), 'The JIT config');
  const file = (name: string): File => {
    const contents = files[name];
    if (typeof contents !== 'string') throw terminated(`The JIT config has no ${name}.`);
    return parsed(Buffer.from(contents, 'base64').toString('utf8'), name);
  };
  const runner = caseless(file('.runner'));
  const credentials = file('.credentials');
  const data = caseless(typeof credentials.Data === 'object' ? { ...credentials.Data } : {});
  if (String(runner('useV2Flow')).toLowerCase() !== 'true') {
    throw terminated('The JIT config is for the older protocol, which this runner does not speak.');
  }
  return {
    id: Number(text(runner, 'agentId')),
    name: text(runner, 'agentName'),
    ephemeral: String(runner('ephemeral')).toLowerCase() === 'true',
    brokerUrl: text(runner, 'serverUrlV2'),
    clientId: text(data, 'clientId'),
    authorizationUrl: text(data, 'authorizationUrl'),
    requireFips: String(data('requireFipsCryptography')).toLowerCase() === 'true',
    privateKey: privateKeyFrom(file('.credentials_rsaparams')),
  };
}

type Lookup = (name: string) => unknown;

/** Keys differ in case between JIT configs and `config.sh`. */
function caseless(file: File): Lookup {
  const byName = new Map(Object.entries(file).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => byName.get(name.toLowerCase());
}

function text(lookup: Lookup, name: string): string {
  const value = lookup(name);
  if (typeof value !== 'string' || value === '') throw terminated(`The JIT config does not say ${name}.`);
  return value;
}

function privateKeyFrom(params: File): KeyObject {
  const part = (name: string) => Buffer.from(String(params[name] ?? ''), 'base64').toString('base64url');
  try {
    return createPrivateKey({
      format: 'jwk',
      key: {
        kty: 'RSA',
        n: part('modulus'),
        e: part('exponent'),
        d: part('d'),
        p: part('p'),
        q: part('q'),
        dp: part('dp'),
        dq: part('dq'),
        qi: part('inverseQ'),
      },
    });
  } catch {
    throw terminated('The private key in the JIT config cannot be used.');
  }
}

function parsed(json: string, what: string): File {
  try {
    const value: unknown = JSON.parse(json.replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw terminated(`${what} is not what generate-jitconfig hands out.`);
}

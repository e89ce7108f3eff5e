import type { LookupAddress } from 'node:dns';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { guardedLookup, isPublicAddress, permittedUrl } from './network-access.js';

const PRIVATE = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '2002:7f00:1::',
  '2001:0:4136:e378::1',
  '2001:db8::1',
];
const PUBLIC = ['140.82.121.6', '1.1.1.1', '172.15.0.1', '172.32.0.1', '::ffff:140.82.121.6', '2606:50c0::1'];
const LITERALS = PRIVATE.map((address) => (address.includes(':') ? `[${address}]` : address));

it.each(PRIVATE)('%s is no public address', (address) => expect(isPublicAddress(address)).toBe(false));
it.each(PUBLIC)('%s is a public address', (address) => expect(isPublicAddress(address)).toBe(true));
it('a name is no address', () => expect(isPublicAddress('example.com')).toBe(false));

describe('an address in which a host is a number', () => {
  const strict = { allowPrivate: false };
  it.each(LITERALS)('https://%s is refused', (host) =>
    expect(() => permittedUrl(`https://${host}/jwks`, strict)).toThrow(/keys are not fetched/),
  );
  it.each(['https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://127.1/'])(
    '%s is refused as what it means',
    (url) => expect(() => permittedUrl(url, strict)).toThrow(/127\.0\.0\.1/),
  );
  it('may be a public one', () => expect(permittedUrl('https://1.1.1.1/', strict).hostname).toBe('1.1.1.1'));
  it.each(['http://example.com/', 'file:///etc/passwd', 'ftp://example.com/', 'data:,{}'])(
    '%s is no https',
    (url) => expect(() => permittedUrl(url, strict)).toThrow(/not permitted/),
  );
  it.each(['http://10.0.0.1/', 'http://169.254.169.254/', 'http://140.82.121.6/'])(
    '%s is refused even where private issuers are allowed: http is for loopback',
    (url) => expect(() => permittedUrl(url, { allowPrivate: true })).toThrow(/keys are not fetched/),
  );
  it.each(['http://127.0.0.1:9/', 'http://[::1]:9/', 'https://10.0.0.1/'])('%s is permitted there', (url) =>
    expect(permittedUrl(url, { allowPrivate: true }).href).toBe(url),
  );
});

describe('a name', () => {
  const resolvingTo =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookUp = (protocol: string, allowPrivate: boolean, ...addresses: string[]) =>
    promisify((host: string, done: (error: Error | null, found: string | LookupAddress[]) => void) =>
      guardedLookup(protocol, { allowPrivate, resolve: resolvingTo(...addresses) })(
        host,
        { all: true },
        done,
      ),
    )('keys.example');

  it.each(PRIVATE)('that resolves to %s is refused', (address) =>
    expect(lookUp('https:', false, address)).rejects.toThrow(/keys are not fetched/),
  );
  it('is refused for one bad address among good ones', () =>
    expect(lookUp('https:', false, '140.82.121.6', '10.0.0.1')).rejects.toThrow(/10\.0\.0\.1/));
  it('is refused without any address', () => expect(lookUp('https:', false)).rejects.toThrow(/no address/));
  it('with public addresses is connected to', async () =>
    expect(await lookUp('https:', false, '140.82.121.6', '2606:50c0::1')).toHaveLength(2));
  it('with a private address is, where that is allowed', async () =>
    expect(await lookUp('https:', true, '10.0.0.1')).toHaveLength(1));
  it('for http must be on loopback even then', () =>
    expect(lookUp('http:', true, '127.0.0.1', '10.0.0.1')).rejects.toThrow(/10\.0\.0\.1/));
});

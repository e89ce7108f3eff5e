import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Where the keys of issuers may be fetched from. */
export type NetworkAccess = {
  /** `ALLOW_PRIVATE_ISSUERS`: private addresses too, and plain http on loopback. */
  allowPrivate: boolean;
  /** Every address of a name; the system's resolver when absent. */
  resolve?: (host: string) => Promise<readonly { address: string; family: number }[]>;
};

const listOf = (...subnets: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
};

const LOOPBACK = listOf('127.0.0.0/8', '::1/128');

/** IANA's special-purpose registries, and multicast; an IPv4-mapped IPv6 address is looked up as the IPv4 one. */
const NOT_PUBLIC = listOf(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
);
/** What is handed out of it; 6to4, Teredo and the documentation's are not: the first two lead on to IPv4. */
const GLOBAL_UNICAST = listOf('2000::/3');
const NOT_GLOBAL = listOf('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20');
const MAPPED_IPV4 = listOf('::ffff:0:0/96');

const contains = (list: BlockList, address: string) =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether an address is one the whole internet may reach: not private, link-local, loopback, metadata or reserved. */
export const isPublicAddress = (address: string): boolean => {
  const isPlainIpv6 = isIP(address) === 6 && !contains(MAPPED_IPV4, address);
  return isPlainIpv6
    ? contains(GLOBAL_UNICAST, address) && !contains(NOT_GLOBAL, address)
    : isIP(address) !== 0 && !contains(NOT_PUBLIC, address);
};

const mayConnect = (protocol: string, address: string, { allowPrivate }: NetworkAccess): boolean => {
  if (protocol === 'http:') return allowPrivate && contains(LOOPBACK, address);
  return allowPrivate || isPublicAddress(address);
};

/** @throws when the address is no https, or names a host by a number it must not have */
export const permittedUrl = (text: string, access: NetworkAccess): URL => {
  const url = new URL(text);
  const { protocol } = url;
  if (protocol !== 'https:' && !(protocol === 'http:' && access.allowPrivate)) {
    throw new Error(`${protocol} is not permitted, https: is`);
  }
  // a number is never looked up, so this is the only place that sees it
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayConnect(protocol, host, access)) throw refusedAddress(host, host);
  return url;
};

/**
 * For the `lookup` of a connection, so that what is checked is what is connected to: between two look-ups a name may
 * change its address. One address that is refused refuses the name.
 */
export const guardedLookup =
  (protocol: string, access: NetworkAccess): LookupFunction =>
  (host, options, done) => {
    const resolve = access.resolve ?? ((name: string) => lookup(name, { all: true }));
    resolve(host).then(
      (addresses) => {
        const refused = addresses.find(({ address }) => !mayConnect(protocol, address, access));
        const [first] = addresses;
        if (refused || !first) return done(refusedAddress(host, refused?.address), '');
        return options.all ? done(null, [...addresses]) : done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    );
  };

const refusedAddress = (host: string, address = 'no address') =>
  new Error(`${host} is ${address}, which keys are not fetched from`);

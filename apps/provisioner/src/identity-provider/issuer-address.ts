import { isIP } from 'node:net';
import { Problem } from '#libs/contracts';

type Addresses = { issuer: string; jwksUrl?: string | null | undefined };
type Fault = { field: string; message: string };

/**
 * Refuses addresses no keys could be fetched from. Where a name leads is looked at by whoever fetches, at every
 * connection.
 * @throws Problem `request-invalid`
 */
export const checkAddresses = ({ issuer, jwksUrl }: Addresses, allowPrivate: boolean): void => {
  const faults = [...issuerFaults(issuer, allowPrivate), ...jwksFaults(jwksUrl, allowPrivate)];
  const [first] = faults;
  if (!first) return;
  throw new Problem('request-invalid', `Mend ${first.field}: it ${first.message}.`, {
    members: { errors: faults },
  });
};

const issuerFaults = (issuer: string, allowPrivate: boolean): Fault[] => {
  // OpenID Connect Core, section 2: scheme, host, port and path, nothing else
  const extra = /[?#]/.test(issuer) ? ['must have no query and no fragment'] : [];
  return [...extra, ...faultsOf(issuer, allowPrivate)].map((message) => ({ field: 'issuer', message }));
};

const jwksFaults = (jwksUrl: string | null | undefined, allowPrivate: boolean): Fault[] => {
  if (!jwksUrl) return [];
  const extra = jwksUrl.includes('#') ? ['must have no fragment'] : [];
  return [...extra, ...faultsOf(jwksUrl, allowPrivate)].map((message) => ({ field: 'jwks_url', message }));
};

const faultsOf = (address: string, allowPrivate: boolean): string[] => {
  const { protocol, hostname, username, password } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLoopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  const isPermitted = protocol === 'https:' || (protocol === 'http:' && allowPrivate && isLoopback);
  return [
    ...(isPermitted ? [] : ['must begin with https://']),
    ...(username || password ? ['must not hold a user or a password'] : []),
    ...(isIP(host) !== 0 && !allowPrivate ? ['must name a host, not number it'] : []),
  ];
};

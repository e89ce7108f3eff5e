import { isIPv4 } from 'node:net';

/**
 * The IPv4 loopback address a host stands for, or undefined. IPv6 is left out because the client's connection
 * strings have no place for it.
 */
export const loopbackAddress = (host: string): string | undefined => {
  if (host === 'localhost') return '127.0.0.1';
  return isIPv4(host) && host.startsWith('127.') ? host : undefined;
};

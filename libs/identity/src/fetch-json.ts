import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { guardedLookup, type NetworkAccess, permittedUrl } from './network-access.js';

const MAX_BYTES = 256 * 1024;

/**
 * A JSON document of somebody we do not know: no redirect is followed, nothing is decompressed, nothing over 256 KiB
 * is read, and only permitted addresses are connected to.
 * @throws without anything of what was answered
 */
export const fetchJson = async (
  address: string,
  access: NetworkAccess,
  signal: AbortSignal,
): Promise<unknown> => {
  const url = permittedUrl(address, access);
  const { request } = url.protocol === 'https:' ? https : http;
  const call = request(url, {
    signal,
    // a kept connection would have been looked up by other rules
    agent: false,
    lookup: guardedLookup(url.protocol, access),
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
  });
  // what goes wrong after the answer began is told by the answer too
  call.on('error', () => {});
  call.end();
  try {
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return await jsonIn(response);
  } finally {
    call.destroy();
  }
};

const jsonIn = async (response: IncomingMessage): Promise<unknown> => {
  const { statusCode, headers } = response;
  if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new Error('answered compressed, which was not asked for');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Error('answered something else than JSON');
  }
};

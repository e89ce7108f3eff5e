import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fetchJson } from './fetch-json.js';

const LOOPBACK = { allowPrivate: true };
const KIB = 1024;

let server: Server | undefined;
let asked = 0;

const serve = async (listener: RequestListener) => {
  asked = 0;
  server = createServer((request, response) => {
    asked += 1;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const fetchFrom = (port: number, { access = LOOPBACK, withinMs = 5_000, host = '127.0.0.1' } = {}) =>
  fetchJson(`http://${host}:${port}/jwks`, access, AbortSignal.timeout(withinMs));

afterEach(
  () =>
    new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
      server = undefined;
    }),
);

describe('what is fetched of an issuer', () => {
  it('is JSON', async () => {
    const port = await serve((_, response) => response.end('{"keys":[]}'));
    expect(await fetchFrom(port)).toEqual({ keys: [] });
  });

  it('is asked for uncompressed', async () => {
    const port = await serve(({ headers }, response) => response.end(JSON.stringify(headers)));
    expect(await fetchFrom(port)).toMatchObject({ 'accept-encoding': 'identity' });
  });

  it('is not a decompressed bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * KIB * KIB, ' '));
    const port = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb));
    await expect(fetchFrom(port)).rejects.toThrow(/compressed/);
  });

  it.each([301, 302, 303, 307, 308])('is not fetched from where a %s leads', async (status) => {
    const port = await serve((_, response) => response.writeHead(status, { location: '/elsewhere' }).end());
    await expect(fetchFrom(port)).rejects.toThrow(`answered ${status}`);
    expect(asked).toBe(1);
  });

  it('is at most 256 KiB', async () => {
    const largest = `"${'x'.repeat(256 * KIB - 2)}"`;
    expect(await fetchFrom(await serve((_, response) => response.end(largest)))).toHaveLength(256 * KIB - 2);
  });

  it('is given up as soon as it is more', async () => {
    let sent = 0;
    const port = await serve((_, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * KIB, ' '))) sent += 64 * KIB;
      };
      response.on('drain', write);
      write();
    });
    await expect(fetchFrom(port)).rejects.toThrow(/more than 262144/);
    expect(sent).toBeLessThan(32 * KIB * KIB);
  });

  it('is not waited for when it drips', async () => {
    const port = await serve((_, response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const begun = performance.now();
    await expect(fetchFrom(port, { withinMs: 300 })).rejects.toThrow();
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('is not waited for when nothing comes', async () => {
    const port = await serve(() => {});
    await expect(fetchFrom(port, { withinMs: 200 })).rejects.toThrow();
  });

  it('is not told of when it is something else', async () => {
    const port = await serve((_, response) => response.end('secret=hunter2'));
    const error = await fetchFrom(port).catch((refusal: Error) => refusal);
    expect(String((error as Error).stack)).not.toContain('hunter2');
  });
});

describe('what is connected to', () => {
  it('is what was checked: a name that changes its address is looked up once', async () => {
    let lookups = 0;
    const resolve = async () => {
      lookups += 1;
      return [{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    };
    const port = await serve((_, response) => response.end('{}'));
    await fetchFrom(port, { host: 'keys.example', access: { ...LOOPBACK, resolve } as never });
    expect(lookups).toBe(1);
  });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1'])(
    'is never %s behind a name',
    async (address) => {
      const port = await serve((_, response) => response.end('{}'));
      const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
      const fetched = fetchJson(
        `https://keys.example:${port}/jwks`,
        { allowPrivate: false, resolve },
        AbortSignal.timeout(5_000),
      );
      await expect(fetched).rejects.toThrow(/keys are not fetched from/);
      expect(asked).toBe(0);
    },
  );

  it.each(['https://127.0.0.1', 'https://[::1]', 'https://localhost'])('is never %s', async (host) => {
    const port = await serve((_, response) => response.end('{}'));
    const fetched = fetchJson(`${host}:${port}/`, { allowPrivate: false }, AbortSignal.timeout(5_000));
    await expect(fetched).rejects.toThrow(/keys are not fetched from/);
    expect(asked).toBe(0);
  });
});

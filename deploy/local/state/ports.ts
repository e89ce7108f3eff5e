import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { DataDirectory } from './data-directory.js';

/**
 * Below the ports from which systems serve outgoing connections (32768 on Linux, 49152 on macOS), so that nobody
 * takes the port of a process while it is being started again.
 */
const lowest = 20_000;
const highest = 32_000;

/** One free port on 127.0.0.1 for each name: the one it had at the last start whenever that is still free. */
export async function claimPorts<Name extends string>(
  data: DataDirectory,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const file = data.in('ports.json');
  const remembered = data.readJson(file) ?? {};
  const claimed = new Map<string, number>();
  for (const name of names) {
    const port = remembered[name];
    const taken = new Set(claimed.values());
    claimed.set(
      name,
      typeof port === 'number' && !taken.has(port) && (await isFree(port)) ? port : await anotherPort(taken),
    );
  }
  const ports = Object.fromEntries(claimed) as Record<Name, number>;
  data.writeJson(file, ports);
  return ports;
}

async function anotherPort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(lowest, highest);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port was found between ${lowest} and ${highest}`);
}

export const isFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

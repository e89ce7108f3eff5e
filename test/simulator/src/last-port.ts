import { createServer } from 'node:net';
import type { Database } from './store/database.js';

/**
 * The port to listen on. Asked for any, the one of the last run is taken again if it is free: JIT configs,
 * sessions and tokens handed out before carry that address.
 */
export async function portToUse(database: Database, asked: number): Promise<number> {
  const last = ports(database).get('last')?.port;
  return asked === 0 && last !== undefined && (await isFree(last)) ? last : asked;
}

export function rememberPort(database: Database, port: number): void {
  ports(database).put({ port });
}

const ports = (database: Database) => database.collection<{ port: number }>('port', () => 'last');

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

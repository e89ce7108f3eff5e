/** What is used of node-postgres' pool; its types are not installed. */
export type Pool = { on(event: 'connect', listener: (client: PoolClient) => void): unknown };
type PoolClient = {
  once(event: 'end', listener: () => void): unknown;
  release?: (destroy: boolean) => void;
};

/** Whoever still holds the connection has noticed by then. Milliseconds. */
const NOTICED_MS = 1_000;

/**
 * Kysely (0.29) never gives back a connection that breaks inside a transaction: the rollback fails, and the release
 * after it is not reached. The pool would count it for ever, and be empty after a handful of outages.
 */
export const releaseBrokenConnections = (pool: Pool): void => {
  pool.on('connect', (client) => {
    client.once('end', () => {
      setTimeout(() => {
        try {
          client.release?.(true);
        } catch {
          // It had been given back: the usual case, and node-postgres' way to say so.
        }
      }, NOTICED_MS).unref();
    });
  });
};

import { ConnectionException, DeadlockException, LockWaitTimeoutException } from '@mikro-orm/core';

/** Of SQLite: busy, locked, disk full, input or output failed. */
const SQLITE_CODES = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN)/;
/** SQLSTATE classes: connection, transaction rolled back, resources, object in use, operator, system. */
const POSTGRES_CLASSES = /^(08|40|53|55|57|58)/;

/** True when the database is at fault and not what it was asked: then asking again will help one day. */
export const isDatabaseOutage = async (
  error: unknown,
  database: { ping(): Promise<void> },
): Promise<boolean> => {
  if (
    error instanceof ConnectionException ||
    error instanceof DeadlockException ||
    error instanceof LockWaitTimeoutException
  ) {
    return true;
  }
  const code = codeOf(error);
  if (code !== undefined && (SQLITE_CODES.test(code) || POSTGRES_CLASSES.test(code))) return true;
  return database.ping().then(
    () => false,
    () => true,
  );
};

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

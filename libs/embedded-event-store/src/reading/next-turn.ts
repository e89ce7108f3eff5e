import { setImmediate } from 'node:timers/promises';

/** Lets writers and other readers have their turn between two pages. */
export const nextTurn = (): Promise<void> => setImmediate();

import { z } from 'zod';

/** Two of them together still fit a timer, which counts to 2^31: almost twelve days. */
export const milliseconds = z.number().int().min(0).max(1_000_000_000);

const CENTURY_SECONDS = 3_155_760_000;

/** No more than a century: any instant from now that is counted with them is a date. */
export const seconds = z.number().int().min(0).max(CENTURY_SECONDS);

/** The same, to either side. */
export const secondsOff = z.number().int().min(-CENTURY_SECONDS).max(CENTURY_SECONDS);

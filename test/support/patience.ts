import { jest } from '@jest/globals';

/** A condition is waited for up to 30 s, and some tests wait for several. */
jest.setTimeout(120_000);

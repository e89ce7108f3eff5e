import { z } from 'zod';

/** Which part of a list, as texts of a query. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
};

/** `true` or `false`, as a text of a query. */
export const flagQuery = z.enum(['true', 'false']).transform((text) => text === 'true');

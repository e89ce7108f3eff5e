import { z } from 'zod';

/** Which part of a list. `total` in the answer is the number after filtering. */
export const pageSchema = z.object({
  limit: z.number().int().min(1).max(1000).default(50),
  offset: z.number().int().min(0).default(0),
});

/** Asked for one of the routes for administrators: anybody else is refused with `admin-required`. */
export const asAdministrator = z.boolean().default(false);

/** A field, with `-` before it for descending. */
export const sortBy = (fields: readonly string[]) =>
  z
    .string()
    .regex(
      new RegExp(`^-?(${fields.join('|')})$`),
      `must be one of ${fields.join(', ')}, with - before it for descending`,
    );

import { z } from 'zod';

/** What is looked for; control characters are in no name and not every database takes them. */
export const searchText = z
  .string()
  .max(256)
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'must not contain control characters');

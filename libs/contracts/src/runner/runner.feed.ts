import { z } from 'zod';
import { instant } from '../message.js';
import { runnerViewSchema } from './runner.queries.js';

/** What the feed tells of one fact. */
export const feedEntrySchema = z.object({
  /** The word that audit records and timelines have for it. */
  type: z.string(),
  at: instant,
  /** As it is by now, which may be later. */
  runner: runnerViewSchema,
});
export type FeedEntry = z.infer<typeof feedEntrySchema>;

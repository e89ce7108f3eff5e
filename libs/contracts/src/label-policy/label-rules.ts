import { z } from 'zod';

export const MAX_PATTERNS = 50;
export const MAX_REQUIRED_LABELS = 20;
export const MAX_PATTERN_LENGTH = 200;

/** RE2 syntax, to be matched in full; whether it compiles is found out by whoever saves it (`pattern-invalid`). */
export const labelPatterns = z.array(z.string().min(1).max(MAX_PATTERN_LENGTH)).max(MAX_PATTERNS);

/** As GitHub takes it; lower-cased, because GitHub compares without regard to case. */
export const label = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$/,
    'must be 1 to 256 characters of A-Z a-z 0-9 . _ - and begin with a letter or digit',
  )
  .transform((text) => text.toLowerCase());

/** Added to every runner of the team by the service. */
export const requiredLabels = z.array(label).max(MAX_REQUIRED_LABELS);

import { RE2JS } from 're2js';

/**
 * The text every full match of a pattern begins with, as RE2 itself works it out of the compiled pattern to search
 * faster: it ends before whatever may vary, an alternation, a repetition, a class or a letter of any case.
 * @throws when the pattern is not RE2 syntax
 */
export const literalPrefix = (pattern: string): string => {
  RE2JS.compile(pattern);
  // patterns are matched in full, so that an anchor in front says nothing; RE2 would not look behind it
  const bare = pattern.replace(/^(\^|\\A)(?![*+?{])/, '');
  return RE2JS.compile(bare).re2().prefix as string;
};

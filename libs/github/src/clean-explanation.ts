const longest = 200;

/**
 * One line of GitHub's prose, fit to be shown: without markup, links and whatever looks like a token.
 * `''` when nothing is left.
 */
export const cleanExplanation = (text: string): string => {
  const line = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/https?:\/\/\S+/g, '')
    .replace(secretLike, '[removed]')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};

/** GitHub's tokens, JWTs, registration tokens, and any run longer than a runner name may be. */
const secretLike = /gh[a-z]_[\w.-]+|github_pat_\w+|eyJ[\w.+/=-]{20,}|\b[A-Z0-9]{25,}\b|[\w+/=.-]{65,}/g;

import { describe, expect, it } from '@jest/globals';
import { trustPattern } from '#libs/access';
import { literalPrefix } from './literal-prefix.js';

const PREFIXES: [pattern: string, prefix: string][] = [
  ['repo:octo/app', 'repo:octo/app'],
  ['repo:octo/.*', 'repo:octo/'],
  ['repo:octo/[a-z]+', 'repo:octo/'],
  ['repo:octo/\\w+', 'repo:octo/'],
  ['.*', ''],
  ['.*repo:octo/', ''],
  ['', ''],
  ['(?:)', ''],
  // anchors in front say nothing, as everything is matched in full
  ['^repo:octo/.*$', 'repo:octo/'],
  ['\\Arepo:octo/.*\\z', 'repo:octo/'],
  ['^^repo', ''],
  ['(?m)^repo:octo/', ''],
  ['^|repo:octo/', ''],
  // an alternation
  ['repo:octo/|.*', ''],
  ['repo:octo/a|repo:other/b', 'repo:o'],
  ['^repo:octo/|x', ''],
  ['repo:octo/a|repo:octo/b', 'repo:octo/'],
  ['repo:(octo|other)/a', 'repo:o'],
  ['repo:octo/(a|b)', 'repo:octo/'],
  ['repo:octo/a|', ''],
  // the last letter may be missing or repeated
  ['repo:octo/?', 'repo:octo'],
  ['repo:octo/??.*', 'repo:octo'],
  ['repo:octo/*', 'repo:octo'],
  ['repo:octo/+', 'repo:octo/'],
  ['repo:octo/{0,3}', 'repo:octo'],
  ['repo:octo/{0}', 'repo:octo'],
  ['repo:octo/{2,3}', 'repo:octo//'],
  ['(?:repo:octo/)?x', ''],
  ['(repo:octo/)*x', ''],
  ['(repo:octo/)+x', 'repo:octo/'],
  // letters of any case
  ['(?i)repo:octo/', ''],
  ['(?i:repo):octo/', ''],
  ['repo:(?i)octo/', 'repo:'],
  ['repo:(?i:octo)/', 'repo:'],
  ['(?i)(?-i)repo:octo/', 'repo:octo/'],
  // escapes
  ['repo:octo\\/app', 'repo:octo/app'],
  ['repo:octo\\.org/', 'repo:octo.org/'],
  ['repo:octo.org/', 'repo:octo'],
  ['\\x72epo:octo/', 'repo:octo/'],
  ['\\x{72}epo:octo/', 'repo:octo/'],
  ['\\Qrepo:octo/\\E.*', 'repo:octo/'],
  ['\\Qrepo:.*/\\E', 'repo:.*/'],
  ['\\Qrepo:octo/\\E?', 'repo:octo'],
  ['\\Qrepo:octo\\E|x', ''],
  ['[r]epo:octo/', 'repo:octo/'],
  ['repo:oct\\b.*', 'repo:oct'],
  // groups that only hold together
  ['(repo:octo/).*', 'repo:octo/'],
  ['(?:repo:octo/).*', 'repo:octo/'],
  ['(?P<owner>repo:octo/).*', 'repo:octo/'],
  // a quantified anchor is not taken for text
  ['^{2}repo:octo/', ''],
  ['^*repo:octo/', ''],
  ['größe-.*', 'größe-'],
  ['😀.*', '😀'],
];
const SUBJECTS = [
  ...PREFIXES.map(([, prefix]) => prefix),
  'repo:octo/app',
  'repo:octo/a',
  'repo:octo/b',
  'repo:octo//',
  'repo:octo///',
  'repo:other/b',
  'repo:octo',
  'REPO:OCTO/',
  'Repo:octo/',
  'repo:OCTO/',
  'repo:octo.org/',
  'repo:octoXorg/',
  'repo:octo/x',
  'x',
  '{2}repo:octo/',
  '^repo:octo/',
  '😀x',
  'größe-1',
];

describe('every match begins with', () => {
  it.each(PREFIXES)('%s → "%s"', (pattern, prefix) => {
    expect(literalPrefix(pattern)).toBe(prefix);
    const matched = SUBJECTS.filter(trustPattern(pattern));
    expect(matched.every((subject) => subject.startsWith(prefix))).toBe(true);
  });
});

it.each(['(', 'a)|(b', '[', '*', '(?=repo)', '(?<!a)b(', '(a)\\1', '\\p{Nothing}', '(?z)a'])(
  '%s is no pattern',
  (pattern) => expect(() => literalPrefix(pattern)).toThrow(),
);

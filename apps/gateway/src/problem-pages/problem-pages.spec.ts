import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { problemCodes } from '#libs/contracts';
import { problemPages } from './problem-pages.js';

it('every problem code has a page that says what to do, and there are no others', () => {
  const pages = readdirSync(problemPages()).map((file) => file.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual(Object.keys(problemCodes).sort());
  for (const page of pages)
    expect(readFileSync(join(problemPages(), `${page}.md`), 'utf8')).toContain('**What to do.**');
});

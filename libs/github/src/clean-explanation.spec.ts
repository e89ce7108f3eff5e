import { describe, expect, it } from '@jest/globals';
import { cleanExplanation } from './clean-explanation.js';

describe('cleanExplanation', () => {
  it.each([
    [
      'leaves plain prose alone',
      'Invalid property /labels: 1 item required',
      'Invalid property /labels: 1 item required',
    ],
    ['makes one line of it', 'First\r\n\tsecond\u0000', 'First second'],
    ['removes markup', '<html><b>Oops</b></html>', 'Oops'],
    ['removes links', 'See https://internal.example/x?y=1 please', 'See please'],
    ['removes installation tokens', `bad ghs_1234_${'a'.repeat(90)}.b-c`, 'bad [removed]'],
    ['removes JWTs', 'bad eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2ln', 'bad [removed]'],
    ['removes registration tokens', 'bad LLBF3JGZDX3P5PMEXLND6TS6FCWO6', 'bad [removed]'],
    ['removes JIT configs', `bad ${'aB9/'.repeat(1000)}==`, 'bad [removed]'],
    [
      'keeps the longest runner name',
      `A runner ${'a-'.repeat(32)} exists`,
      `A runner ${'a-'.repeat(32)} exists`,
    ],
  ])('%s', (_case, text, cleaned) => {
    expect(cleanExplanation(text)).toBe(cleaned);
  });

  it('shortens what is long', () => {
    expect(cleanExplanation('word '.repeat(100))).toHaveLength(200);
  });
});

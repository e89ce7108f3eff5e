import { printable } from './printable.js';

describe('text for a trailer', () => {
  it.each([
    ['order-1', 'order-1'],
    ['$$with space ~', '$$with space ~'],
    ['naïve', 'na%C3%AFve'],
    ['100%', '100%25'],
    ['a\nb\u0000', 'a%0Ab%00'],
    ['😀', '%F0%9F%98%80'],
  ])('%j becomes %j', (text, expected) => expect(printable(text)).toBe(expected));
});

import {
  isSoftDeletion,
  parseStreamMetadata,
  softDeletionMetadata,
  withTruncateBefore,
} from './stream-metadata.js';

const parse = (json: string) => parseStreamMetadata(Buffer.from(json));

describe('stream metadata', () => {
  it('knows the keys that hide events', () =>
    expect(parse('{"$maxCount":3,"$maxAge":60,"$tb":7,"$cacheControl":5,"own":"key"}')).toEqual({
      maxCount: 3,
      maxAge: 60,
      truncateBefore: 7,
    }));
  it.each([
    '',
    'no json',
    '[]',
    'null',
    '7',
    '{"$maxCount":0}',
    '{"$maxCount":"3"}',
    '{"$maxAge":-1}',
    '{"$tb":1.5}',
  ])('hides nothing when it is %j', (json) => expect(parse(json)).toEqual({}));
  it('of a soft deletion is recognised although $tb exceeds what a number can hold', () => {
    expect(Buffer.from(softDeletionMetadata()).toString()).toBe('{"$tb":9223372036854775807}');
    expect(isSoftDeletion(parseStreamMetadata(softDeletionMetadata()))).toBe(true);
    expect(isSoftDeletion(parse('{"$tb":7}'))).toBe(false);
  });
  it('keeps its other keys when $tb is moved', () =>
    expect(
      JSON.parse(Buffer.from(withTruncateBefore(Buffer.from('{"$tb":9,"own":"key"}'), 3)).toString()),
    ).toEqual({
      $tb: 3,
      own: 'key',
    }));
});

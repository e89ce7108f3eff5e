import { TOMBSTONE_REVISION } from './revision.js';

/** The keys of a stream's `$metadata` that decide which of its events can be seen. */
export interface StreamMetadata {
  /** Events that stay visible, counted from the end. */
  readonly maxCount?: number;
  /** Seconds an event stays visible. */
  readonly maxAge?: number;
  /** First visible revision; {@link TOMBSTONE_REVISION} and above mean the stream is soft-deleted. */
  readonly truncateBefore?: number;
}

export const NO_METADATA: StreamMetadata = {};

/** A metastream shows its last event only. */
export const METADATA_OF_METASTREAMS: StreamMetadata = { maxCount: 1 };

export const isSoftDeletion = ({ truncateBefore }: StreamMetadata): boolean =>
  truncateBefore !== undefined && truncateBefore >= TOMBSTONE_REVISION;

/** Reads a `$metadata` event. What is no metadata hides nothing, as on a real node. */
export const parseStreamMetadata = (data: Uint8Array): StreamMetadata => {
  const keys = parseObject(data);
  const maxCount = wholeNumber(keys.$maxCount, 1);
  const maxAge = wholeNumber(keys.$maxAge, 1);
  const truncateBefore = wholeNumber(keys.$tb, 0);
  return {
    ...(maxCount !== undefined && { maxCount }),
    ...(maxAge !== undefined && { maxAge }),
    ...(truncateBefore !== undefined && { truncateBefore }),
  };
};

/** The `$metadata` of a soft deletion: `$tb` at 2^63 − 1, which only text can carry exactly. */
export const softDeletionMetadata = (): Uint8Array => Buffer.from('{"$tb":9223372036854775807}');

/** The same metadata with `$tb` moved, as a reopened stream needs it: its old events stay hidden. */
export const withTruncateBefore = (data: Uint8Array, truncateBefore: number): Uint8Array =>
  Buffer.from(JSON.stringify({ ...parseObject(data), $tb: truncateBefore }));

const parseObject = (data: Uint8Array): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    return {};
  }
};

const wholeNumber = (value: unknown, least: number): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;

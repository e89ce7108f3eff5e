export const ALL_STREAM = '$all';

export const METADATA_EVENT_TYPE = '$metadata';
export const TOMBSTONE_EVENT_TYPE = '$streamDeleted';
export const LINK_EVENT_TYPE = '$>';

const METASTREAM_PREFIX = '$$';

/** Name of the stream that holds the metadata of another. */
export const metastreamOf = (streamName: string): string => METASTREAM_PREFIX + streamName;

export const isMetastream = (streamName: string): boolean => streamName.startsWith(METASTREAM_PREFIX);

/** The stream a metastream describes. */
export const originalStreamOf = (metastreamName: string): string =>
  metastreamName.slice(METASTREAM_PREFIX.length);

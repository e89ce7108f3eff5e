/** What a writer expects of a stream; a bigint is the revision of its last event. */
export type ExpectedRevision = bigint | 'any' | 'no_stream' | 'stream_exists';

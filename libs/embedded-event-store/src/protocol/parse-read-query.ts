import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { compileFilter } from '../reading/event-filter.js';
import type { AllFrom, CheckpointedFilter, Direction, ReadQuery, StreamFrom } from '../reading/read-query.js';
import { parseStreamName } from './parse-stream-name.js';
import { invalidArgument } from './service-error.js';
import type { UuidForm } from './uuid.js';

const DEFAULT_SEARCH_WINDOW = 32;

/** @throws ServiceError when the options are incomplete or do not go together */
export const parseReadQuery = (request: ReadReq): { query: ReadQuery; uuids: UuidForm } => {
  const options = request.getOptions();
  if (options === undefined) throw invalidArgument('Options are required.');
  return { query: parseQuery(options), uuids: parseUuidForm(options) };
};

const parseQuery = (options: ReadReq.Options): ReadQuery => {
  const stream = options.getStream();
  const all = options.getAll();
  const direction: Direction = options.getReadDirection() === 1 ? 'backwards' : 'forwards';
  const resolveLinks = options.getResolveLinks();
  const filter = parseFilter(options);
  const subscribes = options.hasSubscription();
  const withBounds = (options.getControlOption()?.getCompatibility() ?? 0) >= 1;
  if (!subscribes && !options.hasCount()) throw invalidArgument('A count or a subscription is required.');
  if (subscribes && direction === 'backwards') throw invalidArgument('A subscription runs forwards.');

  if (stream !== undefined) {
    if (filter !== undefined) throw invalidArgument('A filter is for $all only.');
    const target = {
      streamName: parseStreamName(stream.getStreamIdentifier()),
      from: parseStreamFrom(stream),
    };
    return subscribes
      ? { kind: 'stream-subscription', resolveLinks, ...target }
      : { kind: 'stream-read', resolveLinks, ...target, direction, count: parseCount(options), withBounds };
  }
  if (all !== undefined) {
    const target = { from: parseAllFrom(all), ...(filter && { filter }) };
    return subscribes
      ? { kind: 'all-subscription', resolveLinks, ...target }
      : { kind: 'all-read', resolveLinks, ...target, direction, count: parseCount(options) };
  }
  throw invalidArgument('A stream or $all is required.');
};

const parseUuidForm = (options: ReadReq.Options): UuidForm => {
  const form = options.getUuidOption();
  if (form?.hasString()) return 'string';
  if (form?.hasStructured()) return 'structured';
  throw invalidArgument('A form for UUIDs is required.');
};

const parseCount = (options: ReadReq.Options): number => clamped(options.getCount());

const parseStreamFrom = (stream: ReadReq.Options.StreamOptions): StreamFrom => {
  if (stream.hasStart()) return 'start';
  if (stream.hasEnd()) return 'end';
  if (stream.hasRevision()) return clamped(stream.getRevision());
  throw invalidArgument('A revision to begin at is required.');
};

const parseAllFrom = (all: ReadReq.Options.AllOptions): AllFrom => {
  if (all.hasStart()) return 'start';
  if (all.hasEnd()) return 'end';
  const position = all.getPosition();
  if (position === undefined) throw invalidArgument('A position to begin at is required.');
  const commit = clamped(position.getCommitPosition());
  const prepare = clamped(position.getPreparePosition());
  if (commit < prepare) throw invalidArgument('The commit position must not be below the prepare position.');
  return { commit, prepare };
};

const parseFilter = (options: ReadReq.Options): CheckpointedFilter | undefined => {
  const filter = options.getFilter();
  if (filter === undefined) {
    if (options.hasNoFilter()) return undefined;
    throw invalidArgument('A filter, or none, must be stated.');
  }
  const onStream = filter.getStreamIdentifier();
  const expression = onStream ?? filter.getEventType();
  if (expression === undefined) throw invalidArgument('A filter looks at stream names or event types.');
  const window = filter.hasMax() ? filter.getMax() : filter.hasCount() ? DEFAULT_SEARCH_WINDOW : 0;
  if (window === 0) throw invalidArgument('A filter needs a search window.');
  const multiplier = filter.getCheckpointintervalmultiplier();
  if (multiplier === 0) throw invalidArgument('The checkpoint interval multiplier must not be 0.');
  return checked({
    on: onStream === undefined ? 'event-type' : 'stream-name',
    regex: expression.getRegex(),
    prefixes: expression.getPrefixList(),
    checkpointInterval: window * multiplier,
  });
};

const checked = (filter: CheckpointedFilter): CheckpointedFilter => {
  try {
    compileFilter(filter);
    return filter;
  } catch (error) {
    throw invalidArgument(`The filter is no regular expression: ${(error as Error).message}`);
  }
};

/** Beyond 2^53 − 1 lies nothing in this store, so a larger number may as well be that one. */
const clamped = (uint64: string): number => Math.min(Number(uint64), Number.MAX_SAFE_INTEGER);

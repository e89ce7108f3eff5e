import type { RecordedEvent } from '../log/recorded-event.js';
import { LINK_EVENT_TYPE } from '../log/system-names.js';
import type { EventLog } from '../storage/event-log.js';
import type { ResolvedEvent } from './resolved-event.js';
import { viewOf } from './visible-range.js';

/** `<revision>@<stream>`, the data of a link. */
const LINK = /^(\d+)@(.+)$/s;

/** Follows a link to its event. An event that is no link stays what it is. */
export const resolveLink = (log: EventLog, event: RecordedEvent): ResolvedEvent => {
  if (event.type !== LINK_EVENT_TYPE) return { event };
  const target = LINK.exec(Buffer.from(event.data).toString('utf8'));
  const linked = target?.[1] && target[2] ? visibleEvent(log, target[2], Number(target[1])) : undefined;
  return linked === undefined ? { link: event } : { event: linked, link: event };
};

const visibleEvent = (log: EventLog, streamName: string, revision: number): RecordedEvent | undefined => {
  const view = viewOf(log.stream(streamName), log.currentTime);
  if (view.view !== 'open' || revision < view.first || revision > view.last) return undefined;
  const event = log.reader.atRevision(view.streamId, revision);
  return event !== undefined && event.created >= view.createdSince ? event : undefined;
};

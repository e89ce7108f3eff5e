import type { RecordedEvent } from '../log/recorded-event.js';

/** An event as a reader gets it. With links resolved, `link` is what lay in the stream read. */
export type ResolvedEvent =
  | { readonly event: RecordedEvent; readonly link?: RecordedEvent }
  /** A link whose event is gone. */
  | { readonly event?: RecordedEvent; readonly link: RecordedEvent };

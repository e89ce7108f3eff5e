import type { RecordedEvent } from '../log/recorded-event.js';
import type { EventLog } from '../storage/event-log.js';
import { CommitSignal } from './commit-signal.js';
import { RecentEvents } from './recent-events.js';

/** The log as subscribers follow it. */
export class LiveLog {
  readonly commits = new CommitSignal();
  readonly recent: RecentEvents;

  constructor(readonly log: EventLog) {
    this.recent = new RecentEvents(log.lastPosition);
  }

  /** After a commit: makes its events known to subscribers. */
  publish(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    this.recent.add(events);
    this.commits.announce();
  }
}

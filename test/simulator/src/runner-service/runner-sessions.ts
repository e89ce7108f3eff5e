import { randomUUID } from 'node:crypto';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';

export interface RunnerSession {
  id: string;
  runnerId: number;
  /** What the runner calls itself, e.g. `HOST (PID: 123)`. */
  ownerName: string;
}

interface Presence {
  lastSeen: number;
  /** Ends the rest of the open poll, if there is one; true lets it look for a message again. */
  end: ((goOn: boolean) => void) | undefined;
}

/** Who is connected. One session a runner; a session without polls is lost after a while. */
export class RunnerSessions {
  private readonly sessions: Collection<RunnerSession>;
  private readonly byRunner = new Map<number, string>();
  private readonly presence = new Map<string, Presence>();

  constructor(database: Database) {
    this.sessions = database.collection('runner-session', (session) => session.id);
    for (const session of this.sessions.values()) this.index(session);
  }

  get(id: string): RunnerSession | undefined {
    return this.sessions.get(id);
  }

  ofRunner(runnerId: number): RunnerSession | undefined {
    const id = this.byRunner.get(runnerId);
    return id === undefined ? undefined : this.sessions.get(id);
  }

  all(): RunnerSession[] {
    return [...this.sessions.values()];
  }

  open(runnerId: number, ownerName: string): RunnerSession {
    const session = this.sessions.put({ id: randomUUID(), runnerId, ownerName });
    this.index(session);
    return session;
  }

  close(session: RunnerSession): void {
    this.sessions.delete(session.id);
    if (this.byRunner.get(session.runnerId) === session.id) this.byRunner.delete(session.runnerId);
    this.wake(session);
    this.presence.delete(session.id);
  }

  /** Whether the runner would hear of a job right now. */
  listens(session: RunnerSession): boolean {
    return this.presence.get(session.id)?.end !== undefined;
  }

  /** Milliseconds since the runner was last heard of; 0 while it polls. */
  silence(session: RunnerSession): number {
    const presence = this.presence.get(session.id);
    return !presence || presence.end ? 0 : Date.now() - presence.lastSeen;
  }

  wake(session: RunnerSession): void {
    this.presence.get(session.id)?.end?.(true);
  }

  /**
   * Holds a poll open until somebody wakes it or the time is over.
   * @returns false when the poll is to end without a message: the caller hung up or polls anew
   */
  async rest(session: RunnerSession, ms: number, hungUp: AbortSignal): Promise<boolean> {
    const presence = this.presence.get(session.id);
    if (hungUp.aborted) return false;
    if (!presence) return true;
    presence.end?.(false);
    return new Promise<boolean>((resolve) => {
      const hangUp = () => end(false);
      const end = (goOn: boolean) => {
        clearTimeout(timer);
        hungUp.removeEventListener('abort', hangUp);
        if (presence.end === end) presence.end = undefined;
        presence.lastSeen = Date.now();
        resolve(goOn);
      };
      const timer = setTimeout(end, ms, true);
      presence.end = end;
      hungUp.addEventListener('abort', hangUp);
    });
  }

  seen(session: RunnerSession): void {
    const presence = this.presence.get(session.id);
    if (presence) presence.lastSeen = Date.now();
  }

  /** Lets every open poll go, so that the server can stop. */
  endPolls(): void {
    for (const { end } of this.presence.values()) end?.(false);
  }

  private index(session: RunnerSession): void {
    this.byRunner.set(session.runnerId, session.id);
    this.presence.set(session.id, { lastSeen: Date.now(), end: undefined });
  }
}

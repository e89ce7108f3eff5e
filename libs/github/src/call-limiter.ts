import { Aborted } from './deadline.js';
import type { CallPriority } from './github.port.js';

type Waiting = { admit: () => void };

/**
 * Lets at most `places` calls run at a time, first come, first served, high priority before low. Low ones never
 * take more than half of the places, so that a high one does not even wait for them to finish.
 */
export class CallLimiter {
  private readonly waiting: Record<CallPriority, Waiting[]> = { high: [], low: [] };
  private readonly running: Record<CallPriority, number> = { high: 0, low: 0 };

  constructor(private readonly places: number) {}

  /** Resolves when the call may run; the caller must call the answer exactly once. Rejects with `Aborted`. */
  enter(priority: CallPriority, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new Aborted());
        return;
      }
      const queue = this.waiting[priority];
      const withdraw = () => {
        queue.splice(queue.indexOf(entry), 1);
        reject(new Aborted());
      };
      const admit = () => {
        signal.removeEventListener('abort', withdraw);
        this.running[priority] += 1;
        resolve(() => this.leave(priority));
      };
      const entry = { admit };
      signal.addEventListener('abort', withdraw, { once: true });
      queue.push(entry);
      this.admitNext();
    });
  }

  private leave(priority: CallPriority): void {
    this.running[priority] -= 1;
    this.admitNext();
  }

  private admitNext(): void {
    while (this.running.high + this.running.low < this.places) {
      const next = this.waiting.high.shift() ?? (this.lowMayRun() ? this.waiting.low.shift() : undefined);
      if (!next) return;
      next.admit();
    }
  }

  private lowMayRun(): boolean {
    return this.running.low < Math.max(1, Math.floor(this.places / 2));
  }
}

import type { CheckResult } from '#libs/runtime';

type Waiter = { position: bigint; settle: (reached: boolean) => void };

export type ProjectionProgress = {
  name: string;
  /** Every fact up to here is in the rows. */
  position: bigint;
  /** When the newest fact in the rows was recorded. */
  lastFactAt: Date | undefined;
  /** Why it has stopped for good; absent while it runs. */
  stopped: string | undefined;
};

/** How the projections of a process get on, and who waits for them. */
export class Progress {
  private readonly projections = new Map<string, ProjectionProgress>();
  private readonly waiters = new Set<Waiter>();
  private readonly firstTimeWaiters = new Set<() => void>();
  private following: 'starting' | 'live' | { interruptedBy: string } = 'starting';
  private hasBeenLive = false;

  constructor(names: readonly string[]) {
    for (const name of names) {
      this.projections.set(name, { name, position: -1n, lastFactAt: undefined, stopped: undefined });
    }
  }

  all(): readonly ProjectionProgress[] {
    return [...this.projections.values()];
  }

  of(name: string): ProjectionProgress {
    const progress = this.projections.get(name);
    if (!progress) throw new Error(`no projection is called ${name}`);
    return progress;
  }

  reached(name: string, position: bigint, lastFactAt?: Date): void {
    const progress = this.of(name);
    if (position > progress.position) progress.position = position;
    if (lastFactAt) progress.lastFactAt = lastFactAt;
    this.settleWaiters();
  }

  stopped(name: string, reason: string): void {
    this.of(name).stopped = reason;
    this.settleWaiters();
  }

  caughtUp(): void {
    this.following = 'live';
    this.hasBeenLive = true;
    for (const resolve of this.firstTimeWaiters) resolve();
    this.firstTimeWaiters.clear();
  }

  carriesOn(): void {
    if (this.hasBeenLive) this.following = 'live';
  }

  interrupted(error: unknown): void {
    this.following = { interruptedBy: error instanceof Error ? error.message : String(error) };
  }

  /** True once all projections are at the position; false after the timeout, or when one has stopped before it. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    const now = this.verdict(position);
    if (now !== undefined) return Promise.resolve(now);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.settle(false), timeoutMs);
      this.waiters.add(waiter);
    });
  }

  untilCaughtUp(): Promise<void> {
    if (this.hasBeenLive) return Promise.resolve();
    return new Promise((resolve) => this.firstTimeWaiters.add(resolve));
  }

  health(): CheckResult {
    const stopped = this.all().find((projection) => projection.stopped !== undefined);
    if (stopped) return { status: 'down', detail: `${stopped.name} has stopped: ${stopped.stopped}` };
    if (this.following === 'live') return { status: 'up' };
    if (this.following === 'starting') return { status: 'down', detail: 'catching up with the log' };
    return { status: 'down', detail: `the log cannot be followed: ${this.following.interruptedBy}` };
  }

  /** Seconds between now and the newest fact in the rows; 0 when there is nothing newer in the log. */
  lagSeconds(name: string, now: Date): number {
    const { lastFactAt, stopped } = this.of(name);
    if (this.following === 'live' && stopped === undefined) return 0;
    return lastFactAt ? Math.max(0, (now.getTime() - lastFactAt.getTime()) / 1000) : 0;
  }

  private verdict(position: bigint): boolean | undefined {
    const behind = this.all().filter((projection) => projection.position < position);
    if (behind.length === 0) return true;
    return behind.some(({ stopped }) => stopped !== undefined) ? false : undefined;
  }

  private settleWaiters(): void {
    for (const waiter of this.waiters) {
      const verdict = this.verdict(waiter.position);
      if (verdict !== undefined) waiter.settle(verdict);
    }
  }
}

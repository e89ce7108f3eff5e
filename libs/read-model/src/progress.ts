import type { ProjectionStats } from '#libs/contracts';
import type { CheckResult } from '#libs/runtime';
import { UpToDate } from './up-to-date.js';

type Waiter = { position: bigint; settle: (reached: boolean) => void };

export type ProjectionProgress = {
  name: string;
  /** Every fact up to here is in the rows. */
  position: bigint;
  /** Why it has stopped for good; absent while it runs. */
  stopped: string | undefined;
};

/** How the projections of a process get on, and who waits for them. */
export class Progress {
  private readonly projections = new Map<string, ProjectionProgress & { upToDate: UpToDate }>();
  private readonly waiters = new Set<Waiter>();
  private readonly firstTimeWaiters = new Set<() => void>();
  private following: 'catching up' | 'live' | { interruptedBy: string } = 'catching up';
  private hasBeenLive = false;
  private databaseTrouble: string | undefined;

  /** @param now milliseconds since 1970 */
  constructor(
    names: readonly string[],
    private readonly now: () => number = Date.now,
  ) {
    for (const name of names) {
      this.projections.set(name, {
        name,
        position: -1n,
        stopped: undefined,
        upToDate: new UpToDate(now()),
      });
    }
  }

  all(): readonly ProjectionProgress[] {
    return [...this.projections.values()].map(({ name, position, stopped }) => ({ name, position, stopped }));
  }

  position(name: string): bigint {
    return this.of(name).position;
  }

  hasStopped(name: string): boolean {
    return this.of(name).stopped !== undefined;
  }

  /** Where the rows of an earlier run end, and when they were saved. */
  resumed(name: string, position: bigint, savedAt: Date): void {
    const projection = this.of(name);
    if (position > -1n) projection.upToDate.asOf(savedAt.getTime());
    this.reached(name, position);
  }

  /** Facts are at hand that are not in the rows yet, the oldest of that instant. */
  began(name: string, oldestFactAt: Date): void {
    this.of(name).upToDate.until(oldestFactAt.getTime());
  }

  reached(name: string, position: bigint, newestFactAt?: Date): void {
    const projection = this.of(name);
    if (position > projection.position) projection.position = position;
    if (newestFactAt) projection.upToDate.asOf(newestFactAt.getTime());
    if (this.following === 'live') projection.upToDate.fromNowOn();
    this.settleWaiters();
  }

  stopped(name: string, reason: string): void {
    const projection = this.of(name);
    projection.upToDate.until(this.now());
    projection.stopped = reason;
    this.settleWaiters();
  }

  /** The rows hold all there is in the log. */
  caughtUp(): void {
    this.following = 'live';
    this.hasBeenLive = true;
    for (const { stopped, upToDate } of this.projections.values()) if (!stopped) upToDate.fromNowOn();
    for (const resolve of this.firstTimeWaiters) resolve();
    this.firstTimeWaiters.clear();
  }

  /** Facts come again, after an interruption perhaps. */
  carriesOn(): void {
    if (this.following !== 'live') this.following = 'catching up';
  }

  interrupted(error: unknown): void {
    for (const { upToDate } of this.projections.values()) upToDate.until(this.now());
    this.following = { interruptedBy: messageOf(error) };
  }

  databaseAnswers(): void {
    this.databaseTrouble = undefined;
  }

  databaseFailed(error: unknown): void {
    this.databaseTrouble = messageOf(error);
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
    const trouble = this.trouble();
    if (trouble !== undefined) return { status: 'down', detail: trouble };
    return this.hasBeenLive ? { status: 'up' } : { status: 'down', detail: 'catching up with the log' };
  }

  /** How each gets on, for whoever looks after the service. */
  stats(): ProjectionStats[] {
    return [...this.projections.values()].map(({ name, position, stopped, upToDate }) => ({
      name,
      ...(stopped === undefined ? this.condition() : { status: 'stopped' as const, detail: stopped }),
      ...(position < 0n ? {} : { position: String(position) }),
      lagSeconds: upToDate.lagMs(this.now()) / 1000,
    }));
  }

  /** Seconds since the rows were last known to hold every fact there was. */
  lagSeconds(name: string): number {
    return this.of(name).upToDate.lagMs(this.now()) / 1000;
  }

  /** Of those that have not stopped: they move together. */
  private condition(): Pick<ProjectionStats, 'status' | 'detail'> {
    const detail = this.trouble();
    if (detail !== undefined) return { status: 'interrupted', detail };
    return { status: this.following === 'live' ? 'live' : 'catching-up' };
  }

  private trouble(): string | undefined {
    if (this.databaseTrouble !== undefined) return `the rows cannot be saved: ${this.databaseTrouble}`;
    return typeof this.following === 'object'
      ? `the log cannot be followed: ${this.following.interruptedBy}`
      : undefined;
  }

  private of(name: string): ProjectionProgress & { upToDate: UpToDate } {
    const progress = this.projections.get(name);
    if (!progress) throw new Error(`no projection is called ${name}`);
    return progress;
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

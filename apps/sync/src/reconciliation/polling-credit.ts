/** Spent before anything was earned. */
const FIRST = 12;
const MOST = 30;
/** Full looks are taken all the same; what they cost beyond this is forgiven. */
const DEEPEST_DEBT = -10;
/** A runner costs its JIT config, one request; looking at it may cost a twentieth of that in all. */
const PER_RUNNER = 0.01;
/** How far back the size of the fleet is judged. */
const RECENT_MS = 10 * 60 * 1000;

/** Per second, by how many runners were provisioned lately: a few are watched closely, hundreds are told of by webhooks. */
const rateFor = (recent: number): number => {
  if (recent > 300) return 0.03;
  return Math.min(0.5, Math.max(0.1, 10 / Math.max(1, recent)));
};

/**
 * How many requests that GitHub counts may be spent on watching runners come online while webhooks tell of their
 * jobs. Requests answered "not modified" are free. What is not looked at for want of credit is seen by the next
 * look at all runners.
 */
export class PollingCredit {
  private balance = FIRST;
  private earnedAt: number;
  private arrivals: { at: number; count: number }[] = [];

  /** @param now milliseconds, rising */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.earnedAt = now();
  }

  /** Whole requests. */
  available(): number {
    this.earn();
    return Math.max(0, Math.floor(this.balance));
  }

  /** GitHub has counted a request. */
  spent(): void {
    this.earn();
    this.balance = Math.max(DEEPEST_DEBT, this.balance - 1);
  }

  /** Runners that were not there before wait to connect. */
  provisioned(count: number): void {
    if (count === 0) return;
    this.earn();
    this.arrivals.push({ at: this.now(), count });
    this.balance = Math.min(MOST, this.balance + count * PER_RUNNER);
  }

  private earn(): void {
    const now = this.now();
    this.arrivals = this.arrivals.filter(({ at }) => now - at < RECENT_MS);
    const recent = this.arrivals.reduce((sum, { count }) => sum + count, 0);
    const earned = ((now - this.earnedAt) / 1000) * rateFor(recent);
    this.balance = Math.min(Math.max(MOST, this.balance), this.balance + earned);
    this.earnedAt = now;
  }
}

import type { Caller } from '#libs/contracts';

const REMEMBERED_CALLERS = 10_000;

/**
 * How far the log had got when a caller last wrote something, so that its next read shows it. Losing this costs
 * a moment's staleness, nothing else.
 */
export class KnownPositions {
  private readonly positions = new Map<string, bigint>();

  wrote({ issuer, subject }: Caller, position: string): void {
    const key = `${issuer}|${subject}`;
    const before = this.positions.get(key) ?? 0n;
    const after = BigInt(position);
    this.positions.delete(key);
    this.positions.set(key, after > before ? after : before);
    if (this.positions.size > REMEMBERED_CALLERS) {
      const [oldest] = this.positions.keys();
      if (oldest !== undefined) this.positions.delete(oldest);
    }
  }

  of({ issuer, subject }: Caller): string | undefined {
    return this.positions.get(`${issuer}|${subject}`)?.toString();
  }
}

import type { GithubLog } from './github-log.js';

const minuteMs = 60_000;
/** From here on a new token is fetched while the old one serves on. */
const renewBeforeMs = 5 * minuteMs;
/** From here on nobody is given the old one any more: a call may take half a minute. */
const unusableBeforeMs = minuteMs;
const pauseAfterFailureMs = 15_000;

/** `lifetimeMs` by GitHub's clock, so that a wrong clock here does no harm. */
export type MintedToken = { token: string; lifetimeMs: number };

/** The installation's token: one at a time, fetched by one caller for all, renewed before it expires. */
export class InstallationToken {
  private current: { token: string; expiresAt: number } | undefined;
  private minting: Promise<string> | undefined;
  private renewNotBefore = 0;

  constructor(
    private readonly mint: () => Promise<MintedToken>,
    private readonly now: () => number,
    private readonly log: GithubLog,
  ) {}

  async get(): Promise<string> {
    const leftMs = this.current ? this.current.expiresAt - this.now() : 0;
    if (!this.current || leftMs <= unusableBeforeMs) return this.renew();
    if (leftMs <= renewBeforeMs) this.renewInBackground();
    return this.current.token;
  }

  /** GitHub did not accept this token: the next `get` fetches another, unless somebody has done so already. */
  discard(token: string): void {
    if (this.current?.token === token) this.current = undefined;
  }

  private renew(): Promise<string> {
    this.minting ??= this.fetch().finally(() => {
      this.minting = undefined;
    });
    return this.minting;
  }

  private async fetch(): Promise<string> {
    const { token, lifetimeMs } = await this.mint();
    this.current = { token, expiresAt: this.now() + lifetimeMs };
    return token;
  }

  private renewInBackground(): void {
    if (this.minting || this.now() < this.renewNotBefore) return;
    this.renew().catch((error: unknown) => {
      this.renewNotBefore = this.now() + pauseAfterFailureMs;
      this.log.warn({ err: error }, 'the installation token could not be renewed; the old one is used on');
    });
  }
}

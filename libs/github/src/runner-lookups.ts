import type { GithubRunner } from './github.port.js';

const REMEMBERED = 5_000;

/** What lookups by id were answered last: one that is answered "not modified" does not count against the budget. */
export class RunnerLookups {
  private readonly answers = new Map<number, { etag: string; runner: GithubRunner }>();

  of(githubRunnerId: number): { etag: string; runner: GithubRunner } | undefined {
    return this.answers.get(githubRunnerId);
  }

  /** The one that was not looked up for longest makes room. */
  remember(githubRunnerId: number, etag: string | undefined, runner: GithubRunner): void {
    this.forget(githubRunnerId);
    if (etag === undefined) return;
    this.answers.set(githubRunnerId, { etag, runner });
    if (this.answers.size <= REMEMBERED) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
  }

  forget(githubRunnerId: number): void {
    this.answers.delete(githubRunnerId);
  }
}

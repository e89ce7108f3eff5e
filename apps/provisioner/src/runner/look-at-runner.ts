import { Inject, Injectable } from '@nestjs/common';
import { type Github, GithubRefusal, type GithubRunner, problemOf } from '#libs/github';
import { GITHUB } from '../provisioner.tokens.js';
import { hasEnded, type KnownRunner } from './runner.state.js';
import { wasGoodAt } from './token-validity.js';

/** What GitHub shows of a runner; `seenAt` is the instant it was asked, so never too late. */
export type Look = { seen: GithubRunner | 'absent'; seenAt: string };

/**
 * A look at GitHub at one runner: by id, or by name while the id is unknown. By name as well when nothing has that id
 * any more and the runner's host may have registered it again.
 */
@Injectable()
export class LookAtRunner {
  constructor(@Inject(GITHUB) private readonly github: Github) {}

  /** @throws Problem when GitHub does not answer */
  async look(runner: KnownRunner): Promise<Look> {
    const githubRunnerId = 'githubRunnerId' in runner ? runner.githubRunnerId : undefined;
    const seenAt = new Date().toISOString();
    try {
      const byId = githubRunnerId === undefined ? 'absent' : await this.github.getRunner(githubRunnerId);
      const isNamed =
        githubRunnerId === undefined || (!hasEnded(runner) && wasGoodAt(runner.tokenValid, seenAt));
      const seen =
        byId === 'absent' && isNamed ? await this.github.findRunnerByName(runner.runnerName) : byId;
      return { seen, seenAt };
    } catch (error) {
      throw error instanceof GithubRefusal ? problemOf(error) : error;
    }
  }
}

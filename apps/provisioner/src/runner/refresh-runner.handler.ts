import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { type Github, GithubRefusal, type GithubRunner, problemOf } from '#libs/github';
import { type Origin, originOf, step } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { FindRunner } from './find-runner.js';
import { RefreshRunner } from './runner.messages.js';
import { isLive, type KnownRunner } from './runner.state.js';
import { Runners } from './runners.js';

/** A look at GitHub because somebody asked. Many who ask about one runner at once share one look and one record. */
@CommandHandler(RefreshRunner)
export class RefreshRunnerHandler implements ICommandHandler<RefreshRunner> {
  /** Looks under way, by runner; each ends with a log position. */
  private readonly looks = new Map<string, Promise<string>>();

  constructor(
    private readonly tenancy: Tenancy,
    private readonly findRunner: FindRunner,
    private readonly runners: Runners,
    @Inject(GITHUB) private readonly github: Github,
  ) {}

  async execute({ body, context }: RefreshRunner): Promise<ReplyOf<typeof subjects.refreshRunner>> {
    const principal = await this.tenancy.principalOf(context);
    const { state: runner } = await this.findRunner.visibleTo(principal, body.runner);
    const { runnerId } = runner;
    const position = await this.shared(runnerId, () =>
      this.look(runner, originOf(context, actorOf(principal))),
    );
    return { runnerId, position };
  }

  private shared(runnerId: string, look: () => Promise<string>): Promise<string> {
    const underWay = this.looks.get(runnerId);
    if (underWay) return underWay;
    const begun = look().finally(() => this.looks.delete(runnerId));
    this.looks.set(runnerId, begun);
    return begun;
  }

  private async look(runner: KnownRunner, origin: Origin): Promise<string> {
    const { runnerId } = runner;
    const seenAt = new Date().toISOString();
    const seen = await this.askGithub(runner);
    const at = new Date().toISOString();
    const refreshed = await this.runners.handle(runnerId, { type: 'RecordRefreshed', at }, origin);
    const unregistered = isLive(runner) && runner.githubRunnerId === undefined;
    if (seen === 'absent' && unregistered) return String(refreshed.position);
    const observed = await this.runners.handle(
      runnerId,
      { type: 'RecordRunnerObserved', observation: observationOf(seen), seenAt, at },
      step(origin, 'observed'),
    );
    return String(observed.position ?? refreshed.position);
  }

  private async askGithub(runner: KnownRunner): Promise<GithubRunner | 'absent'> {
    const githubRunnerId = 'githubRunnerId' in runner ? runner.githubRunnerId : undefined;
    try {
      return githubRunnerId === undefined
        ? await this.github.findRunnerByName(runner.runnerName)
        : await this.github.getRunner(githubRunnerId);
    } catch (error) {
      throw error instanceof GithubRefusal ? problemOf(error) : error;
    }
  }
}

const observationOf = (seen: GithubRunner | 'absent') =>
  seen === 'absent'
    ? ({ status: 'absent' } as const)
    : { status: seen.status, githubRunnerId: seen.id, busy: seen.busy, labels: seen.labels };

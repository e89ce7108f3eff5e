import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { type Github, GithubRefusal, type GithubRunner, problemOf } from '#libs/github';
import { originOf, step } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import { actorOf, Tenancy } from '../tenancy/tenancy.js';
import { FindRunner } from './find-runner.js';
import { RefreshRunner } from './runner.messages.js';
import { isLive, type KnownRunner } from './runner.state.js';
import { Runners } from './runners.js';

type Look = { runner: GithubRunner | 'absent'; seenAt: string };

/** A look at GitHub because somebody asked. Many who ask about one runner at once share one look. */
@CommandHandler(RefreshRunner)
export class RefreshRunnerHandler implements ICommandHandler<RefreshRunner> {
  private readonly looks = new Map<string, Promise<Look>>();

  constructor(
    private readonly tenancy: Tenancy,
    private readonly findRunner: FindRunner,
    private readonly runners: Runners,
    @Inject(GITHUB) private readonly github: Github,
  ) {}

  async execute({ body, context }: RefreshRunner): Promise<ReplyOf<typeof subjects.refreshRunner>> {
    const principal = await this.tenancy.principalOf(context.caller);
    const { state: runner } = await this.findRunner.visibleTo(principal, body.runner);
    const { runnerId } = runner;
    const origin = originOf(context, actorOf(principal));

    const { runner: seen, seenAt } = await this.look(runner);
    const at = new Date().toISOString();
    const refreshed = await this.runners.handle(runnerId, { type: 'RecordRefreshed', at }, origin);
    const unregistered = isLive(runner) && runner.githubRunnerId === undefined;
    if (seen === 'absent' && unregistered) return { runnerId, position: String(refreshed.position) };
    const observed = await this.runners.handle(
      runnerId,
      { type: 'RecordRunnerObserved', observation: observationOf(seen), seenAt, at },
      step(origin, 'observed'),
    );
    return { runnerId, position: String(observed.position ?? refreshed.position) };
  }

  private look(runner: KnownRunner): Promise<Look> {
    const underWay = this.looks.get(runner.runnerId);
    if (underWay) return underWay;
    const look = this.askGithub(runner).finally(() => this.looks.delete(runner.runnerId));
    this.looks.set(runner.runnerId, look);
    return look;
  }

  private async askGithub(runner: KnownRunner): Promise<Look> {
    const seenAt = new Date().toISOString();
    const githubRunnerId = 'githubRunnerId' in runner ? runner.githubRunnerId : undefined;
    try {
      const seen =
        githubRunnerId === undefined
          ? await this.github.findRunnerByName(runner.runnerName)
          : await this.github.getRunner(githubRunnerId);
      return { runner: seen, seenAt };
    } catch (error) {
      throw error instanceof GithubRefusal ? problemOf(error) : error;
    }
  }
}

const observationOf = (seen: GithubRunner | 'absent') =>
  seen === 'absent'
    ? ({ status: 'absent' } as const)
    : { status: seen.status, githubRunnerId: seen.id, busy: seen.busy, labels: seen.labels };

import { Inject, Injectable } from '@nestjs/common';
import { Problem, type RunnerProvisioned } from '#libs/contracts';
import type { Github, JitConfig } from '#libs/github';
import type { Origin } from '../origin.js';
import { GITHUB, PROVISIONING } from '../provisioner.tokens.js';
import { AskGithub, type Requested } from './ask-github.js';
import { type Keep, nothingKept } from './kept-answer.js';
import type { ProvisioningConfig } from './provisioning-config.js';
import { Runners } from './runners.js';
import { sha256 } from './sha256.js';
import { TakeBack } from './take-back.js';

/** Has GitHub make the runner, records that it did, and hands the config to nobody but the asker. */
@Injectable()
export class IssueJitConfig {
  constructor(
    private readonly runners: Runners,
    private readonly askGithub: AskGithub,
    @Inject(GITHUB) private readonly github: Github,
    private readonly takeBack: TakeBack,
    @Inject(PROVISIONING) private readonly config: ProvisioningConfig,
  ) {}

  /** @param keep is told the answer before it is recorded as given, so that a recorded one can be given again */
  async issue(
    requested: Requested,
    workFolder: string,
    origin: Origin,
    keep: Keep = nothingKept,
  ): Promise<RunnerProvisioned> {
    const { runnerId, runnerName, runnerGroupId, labels } = requested.state;
    const jitConfig = await this.askGithub.for(
      requested,
      origin,
      () => this.github.generateJitConfig({ name: runnerName, runnerGroupId, labels, workFolder }),
      (refusal) => refusal.uncertain,
    );
    const issuedAt = Date.now();
    const expiresAt = new Date(issuedAt + this.config.jitConfigTtlSeconds * 1000).toISOString();
    const answer = {
      runnerId,
      runnerName,
      labels: [...labels],
      runnerGroupId,
      ephemeral: true,
      disableUpdate: false,
      githubUrl: this.github.githubUrl,
      expiresAt,
      secret: { encodedJitConfig: jitConfig.encodedJitConfig },
    };
    await keep(answer);
    const { position } = await this.record(requested, jitConfig, {
      issuedAt: new Date(issuedAt).toISOString(),
      expiresAt,
      origin,
    });
    return { ...answer, position: String(position) };
  }

  /** Whoever lost the race against settling takes back what GitHub gave it. */
  private async record(
    requested: Requested,
    { runner, encodedJitConfig }: JitConfig,
    { issuedAt, expiresAt, origin }: { issuedAt: string; expiresAt: string; origin: Origin },
  ) {
    try {
      return await this.runners.handle(
        requested.state.runnerId,
        {
          type: 'RecordJitConfigIssued',
          githubRunnerId: runner.id,
          labels: runner.labels,
          jitConfigSha256: sha256(encodedJitConfig),
          expiresAt,
          issuedAt,
        },
        origin,
        requested,
      );
    } catch (error) {
      const lost = error instanceof Problem && error.code === 'github-unavailable';
      if (lost) await this.takeBack.of(runner.id);
      throw error;
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import type { RunnerProvisioned } from '#libs/contracts';
import { type Github, refusals } from '#libs/github';
import type { Origin } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import { AskGithub, type Requested } from './ask-github.js';
import { type Keep, nothingKept } from './kept-answer.js';
import { Runners } from './runners.js';
import { sha256 } from './sha256.js';

/** Hands out a token with which the runner registers itself. GitHub makes no runner for it. */
@Injectable()
export class IssueRegistrationToken {
  constructor(
    private readonly runners: Runners,
    private readonly askGithub: AskGithub,
    @Inject(GITHUB) private readonly github: Github,
  ) {}

  async issue(requested: Requested, origin: Origin, keep: Keep = nothingKept): Promise<RunnerProvisioned> {
    const { runnerId, runnerName, runnerGroupId, labels, ephemeral, disableUpdate } = requested.state;
    const { token, expiresAt } = await this.askGithub.for(
      requested,
      origin,
      () => this.tokenForFreeName(runnerName),
      () => false,
    );
    const answer = {
      runnerId,
      runnerName,
      runnerGroupId,
      labels: [...labels],
      ephemeral,
      disableUpdate,
      githubUrl: this.github.githubUrl,
      expiresAt,
      secret: { registrationToken: token },
    };
    await keep(answer);
    const { position } = await this.runners.handle(
      runnerId,
      {
        type: 'RecordRegistrationTokenIssued',
        registrationTokenSha256: sha256(token),
        expiresAt,
        issuedAt: new Date().toISOString(),
      },
      origin,
      requested,
    );
    return { ...answer, position: String(position) };
  }

  /** GitHub does not look at the name before a runner registers: we do, or somebody else's runner passes for ours. */
  private async tokenForFreeName(runnerName: string) {
    if ((await this.github.findRunnerByName(runnerName)) !== 'absent') throw refusals.nameTaken(runnerName);
    return this.github.createRegistrationToken();
  }
}

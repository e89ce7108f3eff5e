import { cancelWorkflowRun } from './cancel-workflow-run.js';
import { type Deadline, withDeadline } from './deadline.js';
import { generateJitConfig, type JitConfigDependencies } from './generate-jit-config.js';
import { getWorkflowJob } from './get-workflow-job.js';
import type {
  CallOptions,
  Github,
  GithubJob,
  GithubRunner,
  JitConfig,
  JitConfigRequest,
  RateBudget,
  RunCancellation,
  RunnerDeletion,
  RunnerListing,
  RunnerToken,
} from './github.port.js';
import { explanationIn, type GithubAnswer, headerOf } from './github-answer.js';
import { type InstallationRequest, promised } from './installation.js';
import { type ListDependencies, listRunners } from './list-runners.js';
import type { RateLimits } from './rate-limits.js';
import { readRunner, readRunnerPage, readToken } from './runner-answers.js';
import { RunnerLookups } from './runner-lookups.js';

export type OctokitGithubDependencies = JitConfigDependencies &
  ListDependencies & { limits: RateLimits; githubUrl: string };

/**
 * The port, spoken over HTTP: one method per operation of
 * https://docs.github.com/rest/actions/self-hosted-runners
 */
export class OctokitGithub implements Github {
  readonly githubUrl: string;
  private readonly lookups = new RunnerLookups();

  constructor(private readonly deps: OctokitGithubDependencies) {
    this.githubUrl = deps.githubUrl;
  }

  generateJitConfig(request: JitConfigRequest): Promise<JitConfig> {
    return generateJitConfig(request, this.deps);
  }

  createRegistrationToken(): Promise<RunnerToken> {
    return this.createToken('createRegistrationToken', '/registration-token');
  }

  createRemoveToken(): Promise<RunnerToken> {
    return this.createToken('createRemoveToken', '/remove-token');
  }

  getRunner(
    githubRunnerId: number,
    { priority = 'high' }: CallOptions = {},
  ): Promise<GithubRunner | 'absent'> {
    const known = this.lookups.of(githubRunnerId);
    return this.ask<GithubRunner | 'absent'>(
      {
        operation: 'getRunner',
        method: 'GET',
        path: '/{runner_id}',
        parameters: { runner_id: githubRunnerId },
        ...(known ? { headers: { 'if-none-match': known.etag } } : {}),
        priority,
      },
      (answer, deadline) => {
        if (known && answer.status === 304) return structuredClone(known.runner);
        this.lookups.forget(githubRunnerId);
        if (answer.status === 404) return this.absent(deadline);
        const runner = promised(answer, readRunner);
        this.lookups.remember(githubRunnerId, headerOf(answer, 'etag'), structuredClone(runner));
        return runner;
      },
    );
  }

  async findRunnerByName(
    name: string,
    { priority = 'high' }: CallOptions = {},
  ): Promise<GithubRunner | 'absent'> {
    const { runners } = await this.ask(
      { operation: 'findRunnerByName', method: 'GET', path: '', parameters: { name }, priority },
      (answer) => promised(answer, readRunnerPage),
    );
    const named = (runner: GithubRunner) => runner.name === name;
    const runner = runners.find(named);
    // a server that does not know the filter shows the first page of all
    if (!runner && runners.length > 0)
      return (await this.listRunners({ priority })).runners.find(named) ?? 'absent';
    return runner ?? 'absent';
  }

  listRunners({ priority = 'low' }: CallOptions = {}): Promise<RunnerListing> {
    return listRunners(priority, this.deps);
  }

  deleteRunner(githubRunnerId: number): Promise<RunnerDeletion> {
    return this.ask<RunnerDeletion>(
      {
        operation: 'deleteRunner',
        method: 'DELETE',
        path: '/{runner_id}',
        parameters: { runner_id: githubRunnerId },
        priority: 'high',
        ifUncertain: 'The runner may be gone nevertheless: look, then try again if it is still there.',
      },
      (answer, deadline) => {
        if (answer.status === 404) return this.absent(deadline);
        if (answer.status === 422 && /running a job/i.test(explanationIn(answer))) return 'busy';
        return promised(answer, () => 'deleted' as const);
      },
    );
  }

  cancelWorkflowRun(repository: string, runId: number): Promise<RunCancellation> {
    return cancelWorkflowRun(repository, runId, this.deps);
  }

  getWorkflowJob(repository: string, jobId: number): Promise<GithubJob | 'hidden'> {
    return getWorkflowJob(repository, jobId, this.deps);
  }

  budget(): RateBudget | 'unknown' {
    return this.deps.limits.budget();
  }

  private createToken(operation: string, path: string): Promise<RunnerToken> {
    return this.ask({ operation, method: 'POST', path, priority: 'high' }, (answer) =>
      promised(answer, readToken),
    );
  }

  private async absent(deadline: Deadline): Promise<'absent'> {
    await this.deps.visibility.prove(deadline);
    return 'absent';
  }

  /** `path` is below the organisation's runners. */
  private ask<Answer>(
    request: InstallationRequest,
    judge: (answer: GithubAnswer, deadline: Deadline) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const { installation, org, timeoutMs } = this.deps;
    const path = `/orgs/{org}/actions/runners${request.path}`;
    const parameters = { org, ...request.parameters };
    return withDeadline(timeoutMs, async (deadline) =>
      judge(await installation.ask({ ...request, path, parameters }, deadline), deadline),
    );
  }
}

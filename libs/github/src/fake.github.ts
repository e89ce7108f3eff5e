import type {
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
import { GithubRefusal } from './github-refusal.js';
import { refusals } from './refusals.js';

/** The methods of the port that ask GitHub something. */
export type GithubOperation = Exclude<keyof Github, 'githubUrl' | 'budget'>;

export type FakeGithubOptions = {
  githubUrl?: string;
  /** Ids of the runner groups there are. Default: 1. */
  runnerGroupIds?: readonly number[];
  now?: () => Date;
};

/**
 * GitHub in memory, for specs. Behaves as `github.contract.ts` demands, and can be told to fail:
 * what a spec does to it from outside is in the methods below the port's own.
 */
export class FakeGithub implements Github {
  readonly githubUrl: string;
  /** Every call in order, also those that failed. */
  readonly calls: GithubOperation[] = [];
  private readonly runnerGroupIds: ReadonlySet<number>;
  private readonly now: () => Date;
  private readonly runners = new Map<number, GithubRunner>();
  private readonly runs = new Map<string, 'going' | 'cancelled'>();
  private readonly jobs = new Map<string, GithubJob>();
  private readonly disturbances = new Map<GithubOperation, Disturbance[]>();
  private lastId = 0;
  private knownBudget: RateBudget | 'unknown' = 'unknown';

  constructor({
    githubUrl = 'https://github.com/octo-org',
    runnerGroupIds = [1],
    now,
  }: FakeGithubOptions = {}) {
    this.githubUrl = githubUrl;
    this.runnerGroupIds = new Set(runnerGroupIds);
    this.now = now ?? (() => new Date());
  }

  generateJitConfig({ name, runnerGroupId, labels }: JitConfigRequest): Promise<JitConfig> {
    return this.call('generateJitConfig', () => {
      if (!this.runnerGroupIds.has(runnerGroupId)) throw refusals.runnerGroupUnknown(runnerGroupId);
      if (this.byName(name)) throw refusals.nameTaken(name);
      const runner = this.addRunner({ name, labels: [...labels], ephemeral: true, runnerGroupId });
      return { runner, encodedJitConfig: base64(`jit config of ${name}, ${runner.id}`) };
    });
  }

  createRegistrationToken(): Promise<RunnerToken> {
    return this.call('createRegistrationToken', () => this.token('REGISTRATION'));
  }

  createRemoveToken(): Promise<RunnerToken> {
    return this.call('createRemoveToken', () => this.token('REMOVE'));
  }

  getRunner(githubRunnerId: number): Promise<GithubRunner | 'absent'> {
    return this.call('getRunner', () => copy(this.runners.get(githubRunnerId)));
  }

  findRunnerByName(name: string): Promise<GithubRunner | 'absent'> {
    return this.call('findRunnerByName', () => copy(this.byName(name)));
  }

  listRunners(): Promise<RunnerListing> {
    return this.call('listRunners', () => ({
      runners: [...this.runners.values()].map((runner) => structuredClone(runner)),
      countedRequests: 1,
    }));
  }

  deleteRunner(githubRunnerId: number): Promise<RunnerDeletion> {
    return this.call('deleteRunner', () => {
      const runner = this.runners.get(githubRunnerId);
      if (!runner) return 'absent';
      if (runner.busy) return 'busy';
      this.runners.delete(githubRunnerId);
      return 'deleted';
    });
  }

  cancelWorkflowRun(repository: string, runId: number): Promise<RunCancellation> {
    return this.call('cancelWorkflowRun', () => {
      const run = this.runs.get(`${repository}/${runId}`);
      if (run === undefined) throw refusals.cancellationForbidden(repository, { status: 404 });
      if (run === 'cancelled') return 'over';
      this.runs.set(`${repository}/${runId}`, 'cancelled');
      return 'accepted';
    });
  }

  getWorkflowJob(repository: string, jobId: number): Promise<GithubJob | 'hidden'> {
    return this.call('getWorkflowJob', () => this.jobs.get(`${repository}/${jobId}`) ?? 'hidden');
  }

  budget(): RateBudget | 'unknown' {
    return this.knownBudget;
  }

  /** A runner turns up, as `config.sh` or somebody else would register it. */
  addRunner({
    name,
    labels = [],
    ...rest
  }: Partial<Omit<GithubRunner, 'id'>> & { name: string }): GithubRunner {
    this.lastId += 1;
    const runner: GithubRunner = {
      id: this.lastId,
      name,
      os: 'unknown',
      status: 'offline',
      busy: false,
      ephemeral: false,
      runnerGroupId: 1,
      ...rest,
      labels: lowerCase(labels),
    };
    this.runners.set(runner.id, runner);
    return structuredClone(runner);
  }

  /** Something about a runner changes: it comes online, begins a job, is given other labels. */
  changeRunner(githubRunnerId: number, changes: Partial<Omit<GithubRunner, 'id'>>): void {
    const runner = this.runners.get(githubRunnerId);
    if (!runner) throw new Error(`the fake GitHub has no runner ${githubRunnerId}`);
    Object.assign(
      runner,
      structuredClone(changes),
      changes.labels ? { labels: lowerCase(changes.labels) } : {},
    );
  }

  /** A push to a repository starts a workflow run. */
  startRun(repository: string, runId: number): void {
    this.runs.set(`${repository}/${runId}`, 'going');
  }

  /** A job of a run is begun. */
  startJob(repository: string, jobId: number): void {
    const startedAt = this.now().toISOString();
    this.jobs.set(`${repository}/${jobId}`, { isCompleted: false, conclusion: null, startedAt });
  }

  endJob(repository: string, jobId: number, conclusion: string): void {
    const completedAt = this.now().toISOString();
    const job = this.jobs.get(`${repository}/${jobId}`);
    this.jobs.set(`${repository}/${jobId}`, { ...job, isCompleted: true, conclusion, completedAt });
  }

  isCancelled(repository: string, runId: number): boolean {
    return this.runs.get(`${repository}/${runId}`) === 'cancelled';
  }

  /** A deletion GitHub has confirmed turns out not to have happened. */
  restoreRunner(runner: GithubRunner): void {
    this.runners.set(runner.id, structuredClone(runner));
  }

  /** A runner is gone: its job is done, or somebody deleted it on GitHub's pages. */
  removeRunner(githubRunnerId: number): void {
    this.runners.delete(githubRunnerId);
  }

  /** The next call of this operation is refused and does nothing. Calls add up: two refusals, two refused calls. */
  refuseNext(operation: GithubOperation, refusal: GithubRefusal): void {
    this.disturb(operation, () => Promise.reject(refusal));
  }

  /** The next call of this operation is carried out, but its answer is lost. */
  loseAnswerOfNext(operation: GithubOperation, refusal?: GithubRefusal): void {
    this.disturb(operation, async (carryOut) => {
      carryOut();
      throw refusal ?? refusals.unavailable({ status: 502, uncertain: true });
    });
  }

  /** The next call of this operation hangs until the returned function is called; then it is carried out. */
  holdNext(operation: GithubOperation): () => void {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.disturb(operation, async (carryOut) => {
      await released;
      return carryOut();
    });
    return release;
  }

  setBudget(budget: RateBudget | 'unknown'): void {
    this.knownBudget = budget;
  }

  private async call<Answer>(operation: GithubOperation, carryOut: () => Answer): Promise<Answer> {
    this.calls.push(operation);
    const disturbance = this.disturbances.get(operation)?.shift();
    return disturbance ? ((await disturbance(carryOut)) as Answer) : carryOut();
  }

  private disturb(operation: GithubOperation, disturbance: Disturbance): void {
    this.disturbances.set(operation, [...(this.disturbances.get(operation) ?? []), disturbance]);
  }

  private byName(name: string): GithubRunner | undefined {
    return [...this.runners.values()].find((runner) => runner.name === name);
  }

  private token(kind: string): RunnerToken {
    this.lastId += 1;
    const expiresAt = new Date(this.now().getTime() + 60 * 60 * 1000).toISOString();
    return { token: `${kind}${String(this.lastId).padStart(20, '0')}`, expiresAt };
  }
}

/** Stands between a call and the fake's own answer to it. */
type Disturbance = (carryOut: () => unknown) => Promise<unknown>;

const lowerCase = (labels: readonly string[]): string[] => labels.map((label) => label.toLowerCase());

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const copy = (runner: GithubRunner | undefined): GithubRunner | 'absent' =>
  runner ? structuredClone(runner) : 'absent';

/**
 * GitHub as this service needs it: one organisation, seen through one installation of a GitHub App.
 *
 * Every method answers with what GitHub said, or throws a `GithubRefusal`; `problemOf` turns that into the
 * `Problem` a caller sees. Nothing is repeated behind the caller's back except a lookup whose installation token
 * had expired.
 */
export interface Github {
  /** What a runner is configured with: `https://github.com/<org>`. */
  readonly githubUrl: string;

  /**
   * Registers a runner for one job and returns its configuration. Sent to GitHub at most once. A refusal with
   * `uncertain: true` leaves open whether the runner exists now: look it up by name before doing anything else.
   * Settles within 30 seconds.
   */
  generateJitConfig(request: JitConfigRequest): Promise<JitConfig>;

  /** A token with which `config.sh` registers runners, as many as it likes, for one hour. */
  createRegistrationToken(): Promise<RunnerToken>;

  /** A token with which `config.sh remove` takes a runner away, for one hour. */
  createRemoveToken(): Promise<RunnerToken>;

  getRunner(githubRunnerId: number, options?: CallOptions): Promise<GithubRunner | 'absent'>;

  /** The runner of exactly this name, upper and lower case told apart. */
  findRunnerByName(name: string, options?: CallOptions): Promise<GithubRunner | 'absent'>;

  /**
   * All runners of the organisation, or a refusal: never a part of them. Pages are read one after another while
   * runners come and go, so a runner missing here is to be confirmed with `getRunner`.
   * Low priority unless said otherwise.
   */
  listRunners(options?: CallOptions): Promise<RunnerListing>;

  /** `busy`: GitHub refuses while the runner runs a job. `absent`: there is no such runner (any more). */
  deleteRunner(githubRunnerId: number): Promise<RunnerDeletion>;

  /**
   * Asks GitHub to cancel a workflow run with all its jobs; a job that is running may take minutes to end.
   * `over`: the run has ended already. Refused with `forbidden` when the App lacks the permission `actions: write`.
   * @param repository `owner/name`
   */
  cancelWorkflowRun(repository: string, runId: number): Promise<RunCancellation>;

  /**
   * A job of a workflow run, with low priority. `hidden`: there is none, or the App may not see it, for which it
   * would need the permission `actions: read`.
   * @param repository `owner/name`
   */
  getWorkflowJob(repository: string, jobId: number): Promise<GithubJob | 'hidden'>;

  /** What GitHub last said about the hourly budget; `unknown` before the first answer, after a reset, and on servers without limits. */
  budget(): RateBudget | 'unknown';
}

export type JitConfigRequest = {
  /** 1 to 64 characters, unique in the organisation. */
  name: string;
  runnerGroupId: number;
  /** Exactly the labels the runner is to have: GitHub adds none by itself. 1 to 100. */
  labels: readonly string[];
  /** Relative to the runner's folder. */
  workFolder: string;
};

export type JitConfig = {
  runner: GithubRunner;
  /** Secret: whoever has it is the runner. Base64, about 4 KB; handed out once, never to be had again. */
  encodedJitConfig: string;
};

export type RunnerToken = {
  /** Secret. */
  token: string;
  /** ISO-8601 UTC with `Z`; one hour after issue, set by GitHub. */
  expiresAt: string;
};

/** A self-hosted runner as GitHub describes it. */
export type GithubRunner = {
  id: number;
  name: string;
  /** As GitHub writes it (`linux`, `Linux`, `unknown`); means nothing before the runner first started. */
  os: string;
  status: 'online' | 'offline';
  /** True only proves a job; false proves nothing. */
  busy: boolean;
  /** Lower-case, in GitHub's order, custom and read-only ones alike. */
  labels: string[];
  /** Not told by older servers. */
  ephemeral?: boolean;
  /** Not told by older servers. */
  runnerGroupId?: number;
};

export type RunnerListing = {
  runners: GithubRunner[];
  /** Requests that GitHub counted against the hourly budget: the pages that had changed since the last listing. */
  countedRequests: number;
};

export type RunnerDeletion = 'deleted' | 'absent' | 'busy';

export type GithubJob = {
  isCompleted: boolean;
  /** GitHub's word: success, failure, cancelled, … */
  conclusion: string | null;
  /** ISO-8601 UTC. */
  startedAt?: string;
  completedAt?: string;
};

export type RunCancellation = 'accepted' | 'over';

export type CallOptions = {
  /**
   * `high` (default): somebody waits for it. `low`: polling; queues behind every high call and is refused with
   * `budget-reserved` while less than 30 % of the hourly budget is left.
   */
  priority?: CallPriority;
};
export type CallPriority = 'high' | 'low';

export type RateBudget = {
  /** Requests per hour. */
  limit: number;
  remaining: number;
  /** When `remaining` becomes `limit` again, by this machine's clock. */
  resetAt: Date;
  /** When GitHub said so last. */
  seenAt: Date;
};

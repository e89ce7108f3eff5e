/** A runner somebody was given. */
export type HandedOut = {
  runnerId: string;
  runnerName: string;
  labels: readonly string[];
  method: 'jit' | 'registration_token';
  /** Milliseconds since 1970: a JIT runner has to have connected by then. */
  expiresAt: number;
  /** GitHub's id, as far as whoever was given the runner knows it. */
  githubRunnerId: number | undefined;
};

/** Remembers what was asked for, what was answered and what was done by hand: what the service is judged by. */
export class Witness {
  readonly handedOut = new Map<string, HandedOut>();
  /** Our ids of runners whose deletion somebody asked for. */
  readonly unwanted = new Set<string>();
  /** GitHub's ids of runners … */
  readonly relabelled = new Set<number>();
  readonly foreign = new Set<number>();
  /** Answers that contradict one another. */
  readonly contradictions: string[] = [];
  /** How often each thing was done. */
  readonly done = new Map<string, number>();

  count(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  give(given: HandedOut): void {
    this.handedOut.set(given.runnerId, given);
  }

  ofGithubId(githubRunnerId: number): HandedOut | undefined {
    return [...this.handedOut.values()].find((given) => given.githubRunnerId === githubRunnerId);
  }
}

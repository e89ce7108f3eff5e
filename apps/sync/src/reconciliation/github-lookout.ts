import { labelDifference } from '#libs/contracts';
import type { CallPriority, Github, GithubRunner } from '#libs/github';
import { Turns } from '../scheduling/turns.js';
import type { TrackedRunnerRow } from '../tracking/tracked-runner.entity.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';
import { compareRunners, type Difference, isAtGithub, observationOf } from './compare-runners.js';

/** A difference and when it was seen: ISO-8601 UTC, the instant GitHub was asked, so never too late. */
export type Sight = Difference<TrackedRunnerRow> & { seenAt: string };

export type Looked = {
  sights: Sight[];
  unchanged: number;
  /** One per runner that could not be looked at. */
  errors: unknown[];
};

/** What all of GitHub's runners together show beside the differences. */
export type Listed = Looked & {
  /** Runners of ours whose labels are not those they were to have. */
  labelDrifts: number;
  /** All of the organisation's. */
  listed: readonly GithubRunner[];
  seenAt: string;
};

const LOOKUPS_AT_A_TIME = 10;
const LARGEST_PAGE = 100;

/** The two ways to look at runners of ours at GitHub. */
export class GithubLookout {
  private readonly turns = new Turns(LOOKUPS_AT_A_TIME);
  private pagesOfLastListing: number | undefined;

  constructor(
    private readonly github: Pick<Github, 'getRunner' | 'findRunnerByName' | 'listRunners'>,
    private readonly runners: Pick<TrackedRunners, 'knownGithubIds'>,
  ) {}

  /** Requests a listing costs at most; undefined before the first one. */
  get listingCost(): number | undefined {
    return this.pagesOfLastListing;
  }

  /** One request per runner. */
  async lookUp(runners: readonly TrackedRunnerRow[], priority: CallPriority): Promise<Looked> {
    const looked: Looked = { sights: [], unchanged: 0, errors: [] };
    const lookUpOne = async (runner: TrackedRunnerRow) => {
      const seenAt = new Date().toISOString();
      try {
        const observation = observationOf(runner, await this.find(runner, priority));
        if (observation) looked.sights.push({ runner, observation, seenAt });
        else looked.unchanged += 1;
      } catch (error) {
        looked.errors.push(error);
      }
    };
    await Promise.all(runners.map((runner) => this.turns.run(() => lookUpOne(runner))));
    return looked;
  }

  /**
   * All at once. That a runner is not in the list is confirmed by a lookup of its own, now or another time.
   * @throws GithubRefusal nothing is known then, not a part
   */
  async list(
    runners: readonly TrackedRunnerRow[],
    priority: CallPriority,
    worthConfirming: (missing: readonly TrackedRunnerRow[]) => readonly TrackedRunnerRow[] = (missing) =>
      missing,
  ): Promise<Listed> {
    const seenAt = new Date().toISOString();
    const { runners: listed } = await this.github.listRunners({ priority });
    this.pagesOfLastListing = Math.max(1, Math.ceil(listed.length / LARGEST_PAGE));
    const known = await this.knownAmong(listed, runners);
    const { differences, missing, unchanged } = compareRunners(runners, listed, (id) => known.has(id));
    const confirmed = await this.lookUp(worthConfirming(missing), priority);
    return {
      sights: [...differences.map((difference) => ({ ...difference, seenAt })), ...confirmed.sights],
      unchanged: unchanged + confirmed.unchanged,
      errors: confirmed.errors,
      labelDrifts: driftsAmong(runners, listed),
      listed,
      seenAt,
    };
  }

  private async find(runner: TrackedRunnerRow, priority: CallPriority): Promise<GithubRunner | 'absent'> {
    const { githubRunnerId, name } = runner;
    const byId = githubRunnerId ? await this.github.getRunner(githubRunnerId, { priority }) : 'absent';
    if (byId !== 'absent' || (githubRunnerId && !mayRegisterAgain(runner))) return byId;
    const seen = await this.github.findRunnerByName(name ?? '', { priority });
    if (seen === 'absent') return seen;
    // GitHub may still show a former bearer of the name
    const known = await this.runners.knownGithubIds([seen.id]);
    return known.has(seen.id) ? 'absent' : seen;
  }

  /** Which of those that bear a name we look for are other runners of ours. */
  private knownAmong(listed: readonly GithubRunner[], runners: readonly TrackedRunnerRow[]) {
    const names = new Set(runners.flatMap(({ githubRunnerId, name }) => (githubRunnerId ? [] : name)));
    const bearers = listed.filter(({ name }) => names.has(name));
    return this.runners.knownGithubIds(bearers.map(({ id }) => id));
  }
}

/** Its host has a token with which to do so. */
const mayRegisterAgain = (runner: TrackedRunnerRow): boolean =>
  isAtGithub(runner) && runner.tokenExpiresAt != null && runner.tokenExpiresAt >= new Date();

const driftsAmong = (runners: readonly TrackedRunnerRow[], listed: readonly GithubRunner[]): number => {
  const labels = new Map(listed.map((seen) => [seen.id, seen.labels]));
  return runners.filter(({ githubRunnerId, labels: expected }) => {
    const shown = githubRunnerId ? labels.get(githubRunnerId) : undefined;
    return expected && shown && labelDifference(expected, shown);
  }).length;
};

import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#libs/access';
import type { Caller, RunnerStatus, RunnerView } from '#libs/contracts';
import { GITHUB_URL } from '../dashboard.tokens.js';
import { FleetView } from '../fleet/fleet-view.js';
import { runnerViews } from '../fleet/runner-views.js';
import { countRunners, searchRunners } from '../fleet/search-runners.js';
import { type PageQuery, searchOf } from './page-query.js';

/** What one reader's page shows. */
export type FleetPage = {
  /** E-mail, else `issuer|subject`. */
  reader: string;
  /** Of all they may see whose names fit, whatever status they have chosen. */
  counts: Record<RunnerStatus, number>;
  runners: readonly RunnerView[];
  total: number;
  query: PageQuery;
  /** Log position the page stands for, at least. */
  position: bigint;
  now: Date;
};

@Injectable()
export class FleetPages {
  constructor(
    private readonly fleet: FleetView,
    @Inject(GITHUB_URL) private readonly githubUrl: string,
  ) {}

  /** @throws Problem user-not-authorized, user-deactivated, service-unavailable */
  page(caller: Caller, query: PageQuery): Promise<FleetPage> {
    const { githubUrl } = this;
    const position = this.fleet.position();
    return this.fleet.readFor(caller, async (em, principal) => {
      const search = searchOf(query);
      const { rows, total } = await searchRunners(em, principal, search);
      return {
        reader: readerOf(principal, caller),
        counts: await countRunners(em, principal, search),
        runners: await runnerViews(em, rows, { githubUrl }),
        total,
        query,
        position,
        now: new Date(),
      };
    });
  }
}

const readerOf = ({ email }: Principal, { issuer, subject }: Caller) => email ?? `${issuer}|${subject}`;

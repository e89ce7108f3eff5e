import { Inject, Injectable } from '@nestjs/common';
import { streams } from '#libs/contracts';
import { type EventStore, handleCommand, idFromWords } from '#libs/event-store';
import { type Origin, originOf, serviceActor, step } from '../origin.js';
import { EVENT_STORE, FIRST_TENANTS } from '../provisioner.tokens.js';
import { type TeamCommand, teamDecider } from '../team/team.decider.js';
import { Users } from '../user/users.js';

export type FirstTenantsConfig = {
  /** E-mails, or `issuer|subject`. */
  adminIdentities: readonly string[];
  /** The identities that are user `dev`, member of team `dev`. Empty: there is no development team. */
  developmentIdentities: readonly { issuer: string; subject: string; email: string; isAdmin: boolean }[];
  developmentTeam: { maxRunners: number | undefined; labelPatterns: readonly string[] };
};

/**
 * Makes sure that somebody can sign in: the administrators named in the configuration and, for development, team
 * `dev`. Safe to repeat and safe on several replicas: ids are made from the names.
 */
@Injectable()
export class FirstTenants {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly users: Users,
    @Inject(FIRST_TENANTS) private readonly config: FirstTenantsConfig,
  ) {}

  /** Log position the tenancy view has to reach before the first request is answered. */
  async ensure(): Promise<bigint> {
    const origin = originOf(
      { requestId: `first-tenants-${process.pid}`, deadline: Date.now() + 60_000 },
      serviceActor,
    );
    const at = new Date().toISOString();
    const positions: (bigint | undefined)[] = [];
    for (const identity of this.config.adminIdentities)
      positions.push(...(await this.ensureAdmin(identity, at, origin)));
    if (this.config.developmentIdentities.length > 0)
      positions.push(...(await this.ensureDevelopmentTeam(at, origin)));
    return positions.reduce<bigint>((newest, position = 0n) => (position > newest ? position : newest), 0n);
  }

  private async ensureAdmin(identity: string, at: string, origin: Origin) {
    const userId = idFromWords('admin', identity);
    // an issuer is a URL and has no bar in it; a subject may
    const separator = identity.indexOf('|');
    const named = separator < 0 ? { email: identity.toLowerCase() } : {};
    const created = await this.users.create(
      { userId, ...named, isAdmin: true, canUseJit: true, canUseRegistrationToken: true, createdAt: at },
      origin,
    );
    if (separator < 0) return [created];
    const bound = { userId, issuer: identity.slice(0, separator), subject: identity.slice(separator + 1) };
    return [created, await this.users.bindIdentity(bound, at, origin)];
  }

  private async ensureDevelopmentTeam(at: string, origin: Origin) {
    const { maxRunners, labelPatterns } = this.config.developmentTeam;
    const teamId = idFromWords('team', 'dev');
    const limit = maxRunners === undefined ? {} : { maxRunners };
    const patterns = [...labelPatterns];
    const positions = [
      await this.team(
        {
          type: 'CreateTeam',
          teamId,
          name: 'dev',
          description: 'Made for development',
          requiredLabels: [],
          labelPatterns: patterns,
          runnerGroupIds: [],
          ...limit,
          createdAt: at,
        },
        origin,
      ),
      await this.team({ type: 'SetMaxRunners', teamId, ...limit, setAt: at }, origin),
      await this.team({ type: 'SetLabelPatterns', teamId, labelPatterns: patterns, setAt: at }, origin),
    ];
    for (const { issuer, subject, email, isAdmin } of this.config.developmentIdentities) {
      const userId = idFromWords('development-user', subject);
      const permissions = { isAdmin, canUseJit: true, canUseRegistrationToken: true };
      positions.push(
        await this.users.create(
          { userId, email, displayName: subject, ...permissions, createdAt: at },
          origin,
        ),
        await this.users.bindIdentity({ userId, issuer, subject }, at, origin),
        await this.team({ type: 'AddMember', teamId, userId, addedAt: at }, origin),
      );
    }
    return positions;
  }

  private async team(command: TeamCommand, origin: Origin): Promise<bigint | undefined> {
    const stream = streams.team(command.teamId);
    const who = 'userId' in command ? command.userId : '';
    const { position } = await handleCommand(
      this.store,
      teamDecider,
      stream,
      command,
      step(origin, `${command.type}-${who}`),
    );
    return position;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '#libs/contracts';
import { idFromWords } from '#libs/event-store';
import { type Origin, originOf, serviceActor } from '../origin.js';
import { FIRST_TENANTS } from '../provisioner.tokens.js';
import { Teams } from '../team/teams.js';
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
    private readonly users: Users,
    private readonly teams: Teams,
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
      positions.push(await this.ensureAdmin(identity, at, origin));
    if (this.config.developmentIdentities.length > 0)
      positions.push(...(await this.ensureDevelopmentTeam(at, origin)));
    return positions.reduce<bigint>((newest, position = 0n) => (position > newest ? position : newest), 0n);
  }

  private async ensureAdmin(identity: string, at: string, origin: Origin) {
    const userId = idFromWords('admin', identity);
    // an issuer is a URL and has no bar in it; a subject may
    const separator = identity.indexOf('|');
    const named = separator < 0 ? { email: identity.toLowerCase() } : {};
    const bound =
      separator < 0
        ? undefined
        : { issuer: identity.slice(0, separator), subject: identity.slice(separator + 1) };
    const permissions = { isAdmin: true, canUseJit: true, canUseRegistrationToken: true };
    try {
      return await this.users.create({ userId, ...named, ...permissions, createdAt: at }, bound, origin);
    } catch (error) {
      // somebody has been given this e-mail or identity since: who they are is not ours to change
      if (error instanceof Problem && error.code === 'already-exists') return undefined;
      throw error;
    }
  }

  private async ensureDevelopmentTeam(at: string, origin: Origin) {
    const { maxRunners, labelPatterns } = this.config.developmentTeam;
    const teamId = idFromWords('team', 'dev');
    const positions = [
      await this.teams.create(
        {
          teamId,
          name: 'dev',
          description: 'Made for development',
          requiredLabels: [],
          labelPatterns: [...labelPatterns],
          runnerGroupIds: [],
          ...(maxRunners === undefined ? {} : { maxRunners }),
          createdAt: at,
        },
        origin,
      ),
      await this.teams.change({ teamId, maxRunners: maxRunners ?? null, labelPatterns, at }, origin),
    ];
    for (const { issuer, subject, email, isAdmin } of this.config.developmentIdentities) {
      const userId = idFromWords('development-user', subject);
      const permissions = { isAdmin, canUseJit: true, canUseRegistrationToken: true };
      const user = { userId, email, displayName: subject, ...permissions, createdAt: at };
      positions.push(await this.users.create(user, { issuer, subject }, origin));
      const { position } = await this.teams.handle({ type: 'AddMember', teamId, userId, at }, origin);
      positions.push(position);
    }
    return positions;
  }
}

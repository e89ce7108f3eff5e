import { IdentityProvider } from './identity-provider.entity.js';
import { MachineClient } from './machine-client.entity.js';
import { Team, TeamMember } from './team.entity.js';
import { TrustRule } from './trust-rule.entity.js';
import { Identity, UserAccount } from './user.entity.js';

/** To be given to `openDatabase` together with `membershipMigration`. */
export const membershipEntities = [
  UserAccount,
  Identity,
  Team,
  TeamMember,
  MachineClient,
  IdentityProvider,
  TrustRule,
] as const;

export { displayIdentities, displayIdentity, findActorIds, findUserIds } from './display-identity.js';
export {
  IdentityProvider,
  type IdentityProviderRow,
} from './identity-provider.entity.js';
export { MachineClient, type MachineClientRow } from './machine-client.entity.js';
export {
  type Action,
  type Member,
  may,
  type RecordOwnership,
  type RunnerOwnership,
  type Subjects,
} from './may.js';
export { membershipEntities } from './membership.entities.js';
export { membershipMigration } from './membership.migration.js';
export { membershipProjection } from './membership.projection.js';
export {
  callerProblem,
  type EnvironmentIssuer,
  findPrincipal,
  type Principal,
  type PrincipalTeam,
} from './principal.js';
export { Principals } from './principals.js';
export { Team, TeamMember, type TeamMemberRow, type TeamRow } from './team.entity.js';
export { type Claims, claimsOf, fulfils, trustPattern } from './trust-conditions.js';
export { TrustRule, type TrustRuleRow } from './trust-rule.entity.js';
export { Identity, type IdentityRow, UserAccount, type UserAccountRow } from './user.entity.js';
export { visibleRecords, visibleRunners, visibleSecurityEvents } from './visible-rows.js';

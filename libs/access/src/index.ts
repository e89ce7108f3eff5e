export { displayIdentities, displayIdentity, findUserIds } from './display-identity.js';
export {
  type Action,
  type Member,
  may,
  type RecordOwnership,
  type RunnerOwnership,
  type Subjects,
} from './may.js';
export {
  Identity,
  type IdentityRow,
  membershipEntities,
  Team,
  TeamMember,
  type TeamRow,
  UserAccount,
  type UserAccountRow,
} from './membership.entities.js';
export { membershipMigration } from './membership.migration.js';
export { membershipProjection } from './membership.projection.js';
export {
  callerProblem,
  type EnvironmentIssuer,
  findPrincipal,
  type Principal,
  type PrincipalTeam,
  requirePrincipal,
} from './principal.js';
export { visibleRecords, visibleRunners } from './visible-rows.js';

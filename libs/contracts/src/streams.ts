import type { Scope } from './runner/runner.events.js';

/**
 * Names of the streams: `<category>-<id>` with a dash-free category, because the store's category is what stands
 * before the first dash.
 */
export const streams = {
  runner: (runnerId: string) => `runner-${runnerId}`,
  /** GitHub's runner names differ by more than case, ours do not: two names that look alike are one claim. */
  runnerName: (scope: Scope, name: string) =>
    `runnerName-${scope.kind}.${scope.login.toLowerCase()}.${name.toLowerCase()}`,
  teamCapacity: (teamId: string) => `teamCapacity-${teamId}`,
  /** Of the runners a user provisioned without a team. */
  userCapacity: (userId: string) => `userCapacity-${userId}`,
  team: (teamId: string) => `team-${teamId}`,
  user: (userId: string) => `user-${userId}`,
  teamName: (name: string) => `teamName-${name}`,
  /** One stream with every active administrator. */
  adminRoster: () => 'adminRoster',
  /** `emailSha256` = hex SHA-256 of the lower-case e-mail. */
  email: (emailSha256: string) => `email-${emailSha256}`,
  /** `identitySha256` = hex SHA-256 of `issuer|subject`. */
  identity: (identitySha256: string) => `identity-${identitySha256}`,
  machineClient: (machineClientId: string) => `machineClient-${machineClientId}`,
  /** `clientSha256` = hex SHA-256 of `issuer|client id`. */
  clientId: (clientSha256: string) => `clientId-${clientSha256}`,
  teamClient: (teamId: string) => `teamClient-${teamId}`,
  labelPolicy: (userId: string) => `labelPolicy-${userId}`,
  identityProvider: (identityProviderId: string) => `identityProvider-${identityProviderId}`,
  /** `issuerSha256` = hex SHA-256 of the issuer. */
  issuer: (issuerSha256: string) => `issuer-${issuerSha256}`,
  trustRule: (trustRuleId: string) => `trustRule-${trustRuleId}`,
  operation: (operationId: string) => `operation-${operationId}`,
  /** `keySha256` = hex SHA-256 of issuer, subject and key. */
  idempotencyKey: (keySha256: string) => `idempotencyKey-${keySha256}`,
  /** `day` = `yyyy-mm-dd`, UTC. */
  security: (day: string) => `security-${day}`,
  githubDelivery: (guid: string) => `githubDelivery-${guid}`,
  /** Leases of polling. */
  syncCycle: (scope: Scope) => `syncCycle-${scope.kind}.${scope.login.toLowerCase()}`,
  /**
   * Cycles somebody asked for, and what became of cycles. Not the lease's stream: whoever holds that expects its
   * revision, and old leases are soon forgotten.
   */
  syncRun: (scope: Scope) => `syncRun-${scope.kind}.${scope.login.toLowerCase()}`,
  unmanagedRunners: (scope: Scope) => `unmanagedRunners-${scope.kind}.${scope.login.toLowerCase()}`,
};

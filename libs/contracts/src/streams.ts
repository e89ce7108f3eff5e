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
  team: (teamId: string) => `team-${teamId}`,
  user: (userId: string) => `user-${userId}`,
  /** `identitySha256` = hex SHA-256 of `issuer|subject`. */
  identity: (identitySha256: string) => `identity-${identitySha256}`,
  /** `day` = `yyyy-mm-dd`, UTC. */
  security: (day: string) => `security-${day}`,
  githubDelivery: (guid: string) => `githubDelivery-${guid}`,
  syncCycle: (scope: Scope) => `syncCycle-${scope.kind}.${scope.login.toLowerCase()}`,
};

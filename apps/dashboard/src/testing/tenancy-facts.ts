import { randomUUID } from 'node:crypto';
import { type Event, runnerEvent, streams, teamEvent, userEvent } from '#libs/contracts';
import { type DashboardUnderTest, ISSUER } from './dashboard-under-test.js';

const at = '2026-01-01T00:00:00.000Z';
type Append = DashboardUnderTest['append'];

/** A user who has signed in with this subject; its id. */
export const newUser = async (
  append: Append,
  subject: string,
  { isAdmin = false }: { isAdmin?: boolean } = {},
): Promise<string> => {
  const userId = randomUUID();
  const rights = { isAdmin, canUseJit: true, canUseRegistrationToken: false };
  await append(
    streams.user(userId),
    userEvent('UserCreated')({ userId, ...rights, createdAt: at }),
    userEvent('UserIdentityBound')({ userId, issuer: ISSUER, subject, boundAt: at }),
  );
  return userId;
};

export const newTeam = async (append: Append, members: readonly string[]): Promise<string> => {
  const teamId = randomUUID();
  await append(
    streams.team(teamId),
    teamEvent('TeamCreated')({
      teamId,
      name: `team-${teamId.slice(0, 8)}`,
      requiredLabels: [],
      labelPatterns: [],
      runnerGroupIds: [],
      createdAt: at,
    }),
    ...members.map((userId) => teamEvent('TeamMemberAdded')({ teamId, userId, addedAt: at })),
  );
  return teamId;
};

export type RunnerUnderTest = {
  runnerId: string;
  /** It went offline and came back so many times: two facts each. The position of the last one. */
  flap(times: number): Promise<bigint>;
  /** The same through another app, after a restart. */
  flapIn(append: Append, times: number): Promise<bigint>;
};

/** A runner that was provisioned and is online. */
export const newRunner = async (
  append: Append,
  { provisionedBy, teamId }: { provisionedBy: string; teamId?: string },
): Promise<RunnerUnderTest> => {
  const runnerId = randomUUID();
  const fact = { runnerId, scope: { kind: 'org' as const, login: 'acme' }, installationId: 1 };
  const stream = streams.runner(runnerId);
  await append(
    stream,
    runnerEvent('RunnerProvisioningRequested')({
      ...fact,
      runnerName: `runner-${runnerId.slice(0, 8)}`,
      provisioningMethod: 'jit',
      labels: ['linux'],
      runnerGroupId: 1,
      workFolder: '_work',
      ephemeral: true,
      disableUpdate: false,
      provisionedBy,
      requestedAt: at,
      ...(teamId === undefined ? {} : { teamId }),
    }),
    runnerEvent('RunnerJitConfigIssued')({
      ...fact,
      githubRunnerId: 1,
      labels: ['linux'],
      jitConfigSha256: 'a'.repeat(64),
      expiresAt: at,
      issuedAt: at,
    }),
    runnerEvent('RunnerCameOnline')({ ...fact, busy: false, seenAt: at }),
  );
  const once: Event[] = [
    runnerEvent('RunnerWentOffline')({ ...fact, seenAt: at }),
    runnerEvent('RunnerCameOnline')({ ...fact, busy: false, seenAt: at }),
  ];
  const flapIn = (through: Append, times: number) =>
    through(stream, ...Array.from({ length: times }, () => once).flat());
  return { runnerId, flap: (times) => flapIn(append, times), flapIn };
};

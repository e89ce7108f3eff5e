import { displayIdentities, Team, type TeamRow } from '#libs/access';
import type { RunnerView } from '#libs/contracts';
import { type EntityManager, findRows } from '#libs/read-model';
import { type RunnerRow, unpackLabels } from './runner.entity.js';

/** Rows as callers see them: people and teams by their names of today. */
export const runnerViews = async (
  em: EntityManager,
  rows: readonly RunnerRow[],
  { githubUrl }: { githubUrl: string },
): Promise<RunnerView[]> => {
  const users = await displayIdentities(
    em,
    rows.map(({ provisionedBy }) => provisionedBy),
  );
  const teamIds = [...new Set(rows.flatMap(({ teamId }) => teamId ?? []))];
  const teams = await findRows<TeamRow>(em, Team, 'id', teamIds);
  const teamNames = new Map(teams.map(({ id, name }) => [id, name]));
  return rows.map((row) =>
    viewOf(row, {
      provisionedBy: users.get(row.provisionedBy) ?? row.provisionedBy,
      teamName: row.teamId ? teamNames.get(row.teamId) : undefined,
      githubUrl: `${githubUrl.replace(/\/+$/, '')}/${row.organization}`,
    }),
  );
};

type Names = { provisionedBy: string; teamName: string | undefined; githubUrl: string };

const viewOf = (row: RunnerRow, { provisionedBy, teamName, githubUrl }: Names): RunnerView => ({
  runnerId: row.id,
  runnerName: row.name,
  status: row.status,
  state: row.state,
  ...present('githubRunnerId', row.githubRunnerId),
  runnerGroupId: row.runnerGroupId,
  labels: unpackLabels(row.labels),
  ephemeral: row.ephemeral,
  provisioningMethod: row.provisioningMethod,
  provisionedBy,
  ...present('teamId', row.teamId),
  ...present('teamName', teamName),
  githubUrl,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  ...present('registeredAt', row.registeredAt?.toISOString()),
  ...present('lastSeenAt', row.lastSeenAt?.toISOString()),
  ...present('deletedAt', row.deletedAt?.toISOString()),
  ...present('deletionReason', row.deletionReason),
  ...present('currentJob', row.currentJob && jobOf(row.currentJob)),
});

const jobOf = ({ jobId: _, ...job }: NonNullable<RunnerRow['currentJob']>) => job;

/** The member when there is a value, else nothing: absent is not null. */
const present = <Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { [K in Key]?: Value } =>
  value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });

import type { RunnerOwnership } from '#libs/access';
import { type FeedEntry, operationOf } from '#libs/contracts';
import { type EntityManager, findRows } from '#libs/read-model';
import { toSnakeCase } from '#libs/runtime';
import { Runner, type RunnerRow } from '../fleet/runner.entity.js';
import type { RunnerFact } from '../fleet/runner-after.js';
import { runnerViews } from '../fleet/runner-views.js';

/** A fact about a runner as it is sent, and whose runner it is. */
export type FeedEvent = {
  position: bigint;
  ownership: RunnerOwnership;
  /** One server-sent event, its empty line included. */
  text: string;
};

export type FeedEvents = {
  githubUrl: string;
  /** Of which runners it is told; absent = of all. */
  isTold?: (row: RunnerRow) => boolean;
};

/** What there is to tell of some facts, in their order; facts that are nobody's operation are left out. */
export const feedEvents = async (
  em: EntityManager,
  facts: readonly RunnerFact[],
  { githubUrl, isTold = () => true }: FeedEvents,
): Promise<FeedEvent[]> => {
  const told = facts.flatMap((fact) => {
    const operation = operationOf(fact);
    return operation ? [{ fact, type: operation.eventType }] : [];
  });
  const ids = new Set(told.map(({ fact }) => fact.data.runnerId));
  if (ids.size === 0) return [];
  const rows = (await findRows<RunnerRow>(em, Runner, 'id', [...ids])).filter(isTold);
  const views = await runnerViews(em, rows, { githubUrl });
  const known = new Map(rows.map((row, index) => [row.id, { row, runner: views[index] }]));
  return told.flatMap(({ fact: { data, position, recordedAt }, type }) => {
    const { row, runner } = known.get(data.runnerId) ?? {};
    if (!row || !runner) return [];
    const text = textOf(position, { type, at: recordedAt.toISOString(), runner });
    return [{ position, ownership: { teamId: row.teamId, provisionedBy: row.provisionedBy }, text }];
  });
};

const textOf = (position: bigint, entry: FeedEntry): string =>
  `id: ${position}\nevent: runner\ndata: ${JSON.stringify(toSnakeCase(entry))}\n\n`;

import type { RecordStats } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';

const DAY_MS = 24 * 3_600_000;

/** True of every record, and said by these counts only: see `last-day.migration.ts`. */
export const OF_THE_COUNTS = 'position >= 0';

/** How many records there are, and what the last day was like; from indexes alone. */
export const countRecords = async (em: EntityManager, now: Date): Promise<RecordStats> => {
  const since = new Date(now.getTime() - DAY_MS);
  return {
    security: {
      total: await countAll(em, 'security_event'),
      lastDay: await countSince(em, 'security_event', since, {
        low: countOf("severity = 'low'"),
        medium: countOf("severity = 'medium'"),
        high: countOf("severity = 'high'"),
        critical: countOf("severity = 'critical'"),
      }),
    },
    audit: {
      total: await countAll(em, 'audit_record'),
      lastDay: await countSince(em, 'audit_record', since, {
        total: 'count(*)',
        unsuccessful: countOf('not success'),
      }),
    },
  };
};

type Table = 'audit_record' | 'security_event';
/** PostgreSQL counts in bigints, which arrive as texts. */
type Counts<Name extends string> = Record<Name, number | string>;

const countOf = (condition: string): string => `count(*) filter (where ${condition})`;

const countAll = async (em: EntityManager, table: Table): Promise<number> => {
  const [row] = await em.execute<Counts<'total'>[]>(`select count(*) as total from ${table}`);
  return Number(row?.total ?? 0);
};

/** In one pass over the index, where groups would have to be sorted. */
const countSince = async <Name extends string>(
  em: EntityManager,
  table: Table,
  since: Date,
  counts: Record<Name, string>,
): Promise<Record<Name, number>> => {
  const names = Object.keys(counts) as Name[];
  const columns = names.map((name) => `${counts[name]} as ${name}`);
  const [row] = await em.execute<Counts<Name>[]>(
    `select ${columns.join(', ')} from ${table} where recorded_at >= ? and ${OF_THE_COUNTS}`,
    [since],
  );
  return Object.fromEntries(names.map((name) => [name, Number(row?.[name] ?? 0)])) as Record<Name, number>;
};

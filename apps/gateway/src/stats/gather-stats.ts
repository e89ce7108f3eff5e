import { type AppStats, Problem, type ProblemKind, subjects } from '#libs/contracts';
import type { Questions } from '../caller/questions.js';
import type { Asking } from '../caller/request-context.js';
import type { Stats, StatsApp } from './stats.response.js';

type Told<Reply> = { app: StatsApp; stats: Reply } | { app: StatsApp; stats?: never; problem: Problem };

/** What says nothing about the caller: the app is away, or in trouble. */
const TROUBLE: ReadonlySet<ProblemKind> = new Set(['unavailable', 'timeout', 'internal']);

/**
 * All apps are asked at once, and whoever does not answer is named: these figures are wanted when something is wrong.
 * Each app judges the caller by itself; where one refuses whom the provisioner admits, its rows are out of date.
 * @throws Problem of the caller, and the provisioner's when nobody answers
 */
export const gatherStats = async (
  questions: Pick<Questions, 'ask'>,
  asking: Asking,
): Promise<{ stats: Stats; fresh: boolean }> => {
  const [provisioner, sync, audit, dashboard] = await Promise.all([
    told('provisioner', questions.ask(subjects.provisionerStats, {}, asking)),
    told('sync', questions.ask(subjects.syncStats, {}, asking)),
    told('audit', questions.ask(subjects.auditStats, {}, asking)),
    told('dashboard', questions.ask(subjects.dashboardStats, {}, asking)),
  ]);
  const everybody: readonly Told<AppStats>[] = [provisioner, sync, audit, dashboard];
  if (!provisioner.stats) {
    const problems = everybody.flatMap((one) => (one.stats ? [] : [one.problem]));
    const refusal = problems.find(({ kind }) => !TROUBLE.has(kind));
    if (refusal) throw refusal;
    if (problems.length === everybody.length) throw provisioner.problem;
  }
  return {
    stats: {
      ...figuresOf(dashboard.stats),
      ...figuresOf(audit.stats),
      projections: everybody.flatMap(({ app, stats }) =>
        (stats?.projections ?? []).map((projection) => ({ app, ...projection })),
      ),
      missing: everybody.flatMap(({ app, stats }) => (stats ? [] : [app])),
      generatedAt: new Date().toISOString(),
    },
    fresh: (dashboard.stats?.fresh ?? true) && (audit.stats?.fresh ?? true),
  };
};

const told = async <Reply>(app: StatsApp, answer: Promise<Reply>): Promise<Told<Reply>> => {
  try {
    return { app, stats: await answer };
  } catch (error) {
    if (error instanceof Problem) return { app, problem: error };
    throw error;
  }
};

const figuresOf = <Reply extends AppStats & { fresh: boolean }>(
  stats: Reply | undefined,
): Partial<Omit<Reply, 'projections' | 'fresh'>> => {
  if (!stats) return {};
  const { projections: _, fresh: __, ...figures } = stats;
  return figures;
};

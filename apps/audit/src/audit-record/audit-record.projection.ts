import type { Fact, Recorded } from '#libs/contracts';
import { type EntityManager, insertNew, type Projection } from '#libs/read-model';
import { textOf } from '../record/record.columns.js';
import { AuditedRunner, type AuditedRunnerRow, AuditRecord } from './audit-record.entity.js';
import { auditRecordOf } from './audit-record-of.js';

/** The codec has checked type and shape. */
const asFact = (fact: Recorded): Recorded<Fact> => fact as Recorded<Fact>;

/** One record per operation. A record never changes, so a repeat finds it there. */
export const auditRecordProjection: Projection = {
  name: 'audit-records',
  prefixes: [
    'runner-',
    'team-',
    'user-',
    'machineClient-',
    'labelPolicy-',
    'identityProvider-',
    'trustRule-',
    'operation-',
    'security-',
    'syncRun-',
    'unmanagedRunners-',
  ],
  apply: async (em, recorded) => {
    const facts = recorded.map(asFact);
    await insertNew(em, AuditedRunner, facts.flatMap(runnerRequestedBy));
    const runners = await runnersOf(em, facts);
    const records = facts.flatMap((fact) => auditRecordOf(fact, runners.get(runnerIdOf(fact) ?? '')) ?? []);
    await insertNew(em, AuditRecord, records);
  },
};

const runnerIdOf = (fact: Recorded<Fact>) => textOf(fact, 'runnerId');

const runnerRequestedBy = ({ type, data }: Recorded<Fact>): AuditedRunnerRow[] =>
  type === 'RunnerProvisioningRequested'
    ? [
        {
          id: data.runnerId,
          name: data.runnerName,
          teamId: data.teamId ?? null,
          provisionedBy: data.provisionedBy,
        },
      ]
    : [];

const runnersOf = async (
  em: EntityManager,
  facts: readonly Recorded<Fact>[],
): Promise<ReadonlyMap<string, AuditedRunnerRow>> => {
  const ids = [...new Set(facts.flatMap((fact) => runnerIdOf(fact) ?? []))];
  if (ids.length === 0) return new Map();
  const runners = await em.find(AuditedRunner, { id: { $in: ids } }, { disableIdentityMap: true });
  return new Map(runners.map((runner) => [runner.id, runner]));
};

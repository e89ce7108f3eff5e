import { defineEntity, p } from '@mikro-orm/core';
import type { OperationEvent, Recorded } from '#libs/contracts';
import type { MigrationDefinition, Projection } from '#libs/read-model';

/** An operation that has not been completed: whoever was working on it may be gone. */
export const OpenOperation = defineEntity({
  name: 'OpenOperation',
  tableName: 'open_operation',
  properties: {
    id: p.string().primary(),
    /** When it was last heard of. */
    progressedAt: p.datetime(),
  },
});

export const openOperationMigration: MigrationDefinition = {
  name: 'open-operation-1',
  up: ({ instant }) => [
    `create table open_operation (id text primary key, progressed_at ${instant} not null)`,
  ],
};

export const openOperationProjection: Projection = {
  name: 'open-operation',
  prefixes: ['operation-'],
  apply: async (em, facts) => {
    const open = new Map<string, Date>();
    const completed = new Set<string>();
    for (const fact of facts) {
      const { type, data } = fact as unknown as Recorded<OperationEvent>;
      if (type === 'BatchCompleted') {
        open.delete(data.operationId);
        completed.add(data.operationId);
      } else open.set(data.operationId, fact.recordedAt);
    }
    const rows = [...open].map(([id, progressedAt]) => ({ id, progressedAt }));
    if (rows.length > 0) await em.upsertMany(OpenOperation, rows, { disableIdentityMap: true });
    if (completed.size > 0) await em.nativeDelete(OpenOperation, { id: { $in: [...completed] } });
  },
};

import { defineEntity, p } from '@mikro-orm/core';

/** How far a projection has got; saved together with the rows it wrote. */
export const Checkpoint = defineEntity({
  name: 'Checkpoint',
  tableName: 'checkpoint',
  properties: {
    projection: p.string().primary(),
    /** Log position up to which every fact is in the rows; -1 before the first. */
    position: p.bigint('bigint'),
    /** The newest fact in the rows, to be found again in the log; null before the first. */
    factPosition: p.bigint('bigint').nullable(),
    factId: p.string().nullable(),
    updatedAt: p.datetime(),
  },
});

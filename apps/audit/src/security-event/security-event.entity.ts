import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { SecurityEventView } from '#libs/contracts';
import { recordProperties } from '../record/record.columns.js';

/** Something whoever watches over security wants to know of. */
export const SecurityEvent = defineEntity({
  name: 'SecurityEvent',
  tableName: 'security_event',
  properties: {
    ...recordProperties,
    severity: p.string().$type<SecurityEventView['severity']>(),
    /** The fact's data in snake_case, without e-mails and names of people. */
    violationData: p.json<Record<string, unknown>>(),
    actionTaken: p.string().nullable(),
  },
});
export type SecurityEventRow = InferEntity<typeof SecurityEvent>;

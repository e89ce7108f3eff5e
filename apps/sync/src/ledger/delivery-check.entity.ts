import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** How far GitHub's list of deliveries has been looked through. One row. */
export const DeliveryCheck = defineEntity({
  name: 'DeliveryCheck',
  tableName: 'delivery_check',
  properties: {
    id: p.string().primary(),
    /** The newest attempt that was listed, by GitHub's clock. */
    watermark: p.datetime().nullable(),
    checkedAt: p.datetime(),
  },
});
export type DeliveryCheckRow = InferEntity<typeof DeliveryCheck>;

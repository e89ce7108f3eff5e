import type { MigrationDefinition } from '#libs/read-model';
import { DeliveryAccount } from './delivery-account.entity.js';
import { DeliveryCheck } from './delivery-check.entity.js';

export const ledgerEntities = [DeliveryAccount, DeliveryCheck] as const;

export const ledgerMigration: MigrationDefinition = {
  name: 'ledger-1',
  up: ({ instant }) => [
    `create table delivery_account (
      guid text primary key,
      delivery_id text not null,
      delivered_at ${instant} not null,
      state text not null,
      tries integer not null,
      asked_at ${instant},
      ask_again_at ${instant}
    )`,
    'create index delivery_account_state on delivery_account (state, delivered_at)',
    'create index delivery_account_asked_at on delivery_account (asked_at)',
    `create table delivery_check (
      id text primary key,
      watermark ${instant},
      checked_at ${instant} not null
    )`,
  ],
};

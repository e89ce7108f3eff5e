import { defineEntity, p } from '@mikro-orm/core';
import type { MigrationDefinition } from '#libs/read-model';

/** An answer kept for a repeat of its request. Only the repeat itself holds what opens it. */
export const SealedAnswer = defineEntity({
  name: 'SealedAnswer',
  tableName: 'sealed_answer',
  properties: {
    /** Hex SHA-256 of caller and key. */
    keySha256: p.string().primary(),
    runnerId: p.string(),
    /** Base64: nonce, tag, ciphertext. */
    sealed: p.text(),
    expiresAt: p.datetime(),
  },
});

export const sealedAnswerMigration: MigrationDefinition = {
  name: 'sealed-answer-1',
  up: ({ instant }) => [
    `create table sealed_answer (key_sha256 text primary key, runner_id text not null, sealed text not null, expires_at ${instant} not null)`,
    'create index sealed_answer_expires_at on sealed_answer (expires_at)',
  ],
};

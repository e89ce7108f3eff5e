import { expect } from '@jest/globals';
import { openDatabase } from '#libs/read-model';
import { onEachDatabase } from '#libs/testing';
import type { AnswerShelf } from './answer-shelf.port.js';
import { InMemoryAnswerShelf } from './in-memory.answer-shelf.js';
import { SealedAnswer, sealedAnswerMigration } from './sealed-answer.entity.js';
import { SqlAnswerShelf } from './sql.answer-shelf.js';

const KEY = 'a'.repeat(64);
const answer = (runnerId: string, expiresAt = '2030-01-01T00:00:00.000Z') => ({
  keySha256: KEY,
  runnerId,
  sealed: `sealed for ${runnerId}`,
  expiresAt: new Date(expiresAt),
});

onEachDatabase('a shelf of sealed answers', ({ test, newAddress, closing }) => {
  const sqlShelf = async (): Promise<AnswerShelf> =>
    new SqlAnswerShelf(
      closing(
        await openDatabase({
          databaseUrl: newAddress(),
          dataDir: '.',
          app: 'provisioner',
          entities: [SealedAnswer],
          migrations: [sealedAnswerMigration],
        }),
      ),
    );
  const shelves = async () => [await sqlShelf(), new InMemoryAnswerShelf()];

  test('gives back what was put there', async () => {
    for (const shelf of await shelves()) {
      await shelf.put(answer('r1'));
      expect(await shelf.get(KEY)).toMatchObject(answer('r1'));
      expect(await shelf.get('b'.repeat(64))).toBeUndefined();
    }
  });

  test('holds one answer per key: the newest', async () => {
    for (const shelf of await shelves()) {
      await shelf.put(answer('r1'));
      await shelf.put(answer('r2'));
      expect(await shelf.get(KEY)).toMatchObject(answer('r2'));
    }
  });

  test('lets go of a runner’s answer, not of its successor’s', async () => {
    for (const shelf of await shelves()) {
      await shelf.put(answer('r2'));
      await shelf.remove(KEY, 'r1');
      expect(await shelf.get(KEY)).toMatchObject(answer('r2'));
      await shelf.remove(KEY, 'r2');
      expect(await shelf.get(KEY)).toBeUndefined();
    }
  });

  test('loses what has expired', async () => {
    for (const shelf of await shelves()) {
      await shelf.put(answer('r1', '2026-01-01T00:00:00.000Z'));
      await shelf.removeExpired(new Date('2025-12-31T23:59:59.999Z'));
      expect(await shelf.get(KEY)).toBeDefined();
      await shelf.removeExpired(new Date('2026-01-01T00:00:00.000Z'));
      expect(await shelf.get(KEY)).toBeUndefined();
    }
  });
});

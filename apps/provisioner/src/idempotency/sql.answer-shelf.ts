import type { Database } from '#libs/read-model';
import { AnswerShelf, type ShelvedAnswer } from './answer-shelf.port.js';
import { SealedAnswer } from './sealed-answer.entity.js';

export class SqlAnswerShelf extends AnswerShelf {
  constructor(private readonly database: Database) {
    super();
  }

  async put(answer: ShelvedAnswer): Promise<void> {
    await this.database.em().upsert(SealedAnswer, answer);
  }

  async get(keySha256: string): Promise<ShelvedAnswer | undefined> {
    const row = await this.database.em().findOne(SealedAnswer, { keySha256 });
    return row ?? undefined;
  }

  async remove(keySha256: string, runnerId: string): Promise<void> {
    await this.database.em().nativeDelete(SealedAnswer, { keySha256, runnerId });
  }

  async removeExpired(now: Date): Promise<void> {
    await this.database.em().nativeDelete(SealedAnswer, { expiresAt: { $lte: now } });
  }
}

import { AnswerShelf, type ShelvedAnswer } from './answer-shelf.port.js';

/** The twin for specs of rules. */
export class InMemoryAnswerShelf extends AnswerShelf {
  private readonly answers = new Map<string, ShelvedAnswer>();

  async put(answer: ShelvedAnswer): Promise<void> {
    this.answers.set(answer.keySha256, answer);
  }

  async get(keySha256: string): Promise<ShelvedAnswer | undefined> {
    return this.answers.get(keySha256);
  }

  async remove(keySha256: string, runnerId: string): Promise<void> {
    if (this.answers.get(keySha256)?.runnerId === runnerId) this.answers.delete(keySha256);
  }

  async removeExpired(now: Date): Promise<void> {
    for (const { keySha256, expiresAt } of this.answers.values())
      if (expiresAt <= now) this.answers.delete(keySha256);
  }
}

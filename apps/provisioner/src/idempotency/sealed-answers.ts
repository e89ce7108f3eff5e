import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { runnerProvisionedSchema } from '#libs/contracts';
import { SERVER_SECRET } from '../provisioner.tokens.js';
import type { KeptAnswer } from '../runner/kept-answer.js';
import { AnswerSeal, keySha256, type OwnedKey } from './answer-seal.js';
import { AnswerShelf } from './answer-shelf.port.js';

const SWEEP_MS = 60_000;

const keptAnswerSchema = runnerProvisionedSchema.omit({ position: true });

/** Answers with a secret in them, sealed, until the secret is used or has expired. The log never holds them. */
@Injectable()
export class SealedAnswers implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('idempotency');
  private readonly seal: AnswerSeal;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly shelf: AnswerShelf,
    @Inject(SERVER_SECRET) serverSecret: string,
  ) {
    this.seal = new AnswerSeal(serverSecret);
  }

  onApplicationBootstrap(): void {
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweeping);
  }

  async keep(owned: OwnedKey, answer: KeptAnswer): Promise<void> {
    const { runnerId, expiresAt } = answer;
    await this.shelf.put({
      keySha256: keySha256(owned),
      runnerId,
      sealed: this.seal.seal(owned, runnerId, answer),
      expiresAt: new Date(expiresAt),
    });
  }

  async find(owned: OwnedKey, runnerId: string): Promise<KeptAnswer | undefined> {
    const shelved = await this.shelf.get(keySha256(owned));
    if (shelved?.runnerId !== runnerId || shelved.expiresAt.getTime() <= Date.now()) return undefined;
    const opened = keptAnswerSchema.safeParse(this.seal.open(owned, runnerId, shelved.sealed));
    return opened.success ? opened.data : undefined;
  }

  /** The secret has been used, or is good for nothing any more. What fails here is done by the sweep. */
  async forget(runnerId: string, sha256: string): Promise<void> {
    try {
      await this.shelf.remove(sha256, runnerId);
    } catch (error) {
      this.logger.warn({ err: error }, 'a sealed answer could not be removed; it goes when it expires');
    }
  }

  private async sweep(): Promise<void> {
    try {
      await this.shelf.removeExpired(new Date());
    } catch (error) {
      this.logger.warn({ err: error }, 'expired sealed answers could not be removed; trying again');
    }
  }
}

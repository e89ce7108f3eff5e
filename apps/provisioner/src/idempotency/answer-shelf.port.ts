/** A sealed answer and what is known of it from outside. */
export type ShelvedAnswer = {
  /** Hex SHA-256 of caller and key. */
  keySha256: string;
  runnerId: string;
  /** Base64: nonce, tag, ciphertext. */
  sealed: string;
  expiresAt: Date;
};

/** Where sealed answers lie: rows that may be lost without harm, shared by all replicas. */
export abstract class AnswerShelf {
  /** Replaces what another runner left under the same key. */
  abstract put(answer: ShelvedAnswer): Promise<void>;
  abstract get(keySha256: string): Promise<ShelvedAnswer | undefined>;
  /** Only if it is still this runner's. */
  abstract remove(keySha256: string, runnerId: string): Promise<void>;
  abstract removeExpired(now: Date): Promise<void>;
}

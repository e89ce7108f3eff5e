import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Problem, signingAlgorithms, subjects } from '#libs/contracts';
import { TokenVerifier, type TrustedIssuer } from '#libs/identity';
import type { Bus } from '#libs/messaging';
import type { GatewayConfig } from '../gateway.config.js';

const EVERY_MS = 5_000;
/** A token of an issuer nobody knows makes us ask, this often at most. */
const FLOOR_MS = 1_000;
const PATIENCE_MS = 2_000;

/**
 * Whose tokens are accepted: the environment's issuer, and the providers the provisioner knows. What was learnt last
 * stays true while the provisioner is away.
 */
@Injectable()
export class TrustedIssuers implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly verifier: TokenVerifier;
  private readonly logger = new Logger('authentication');
  private readonly stopping = new AbortController();
  private underWay: Promise<void> | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  private learnt = false;
  /** Of the newest change made through this gateway: an answer that does not hold it is no answer. */
  private changedAt: string | undefined;

  constructor(
    private readonly bus: Bus,
    config: GatewayConfig,
  ) {
    this.verifier = new TokenVerifier({
      access: { allowPrivate: config.ALLOW_PRIVATE_ISSUERS },
      environment: environmentIssuer(config),
      onUnknownIssuer: () => this.lookAgain(),
    });
  }

  onApplicationBootstrap(): void {
    void this.keepAsking();
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Asks the provisioner now; all who wait share one answer. Never fails: what is known stays. */
  refresh(): Promise<void> {
    this.underWay ??= this.ask().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** Whoever changed a provider finds it changed: an answer that was under way may not tell of it yet. */
  async changed(position: string | undefined): Promise<void> {
    if (position === undefined) return;
    if (this.changedAt === undefined || BigInt(position) > BigInt(this.changedAt)) this.changedAt = position;
    await this.underWay;
    await this.refresh();
  }

  /** @throws Problem `service-unavailable` while it is not known yet who is trusted */
  private async lookAgain(): Promise<void> {
    if (this.underWay || performance.now() - this.askedAt >= FLOOR_MS) await this.refresh();
    if (this.learnt) return;
    throw new Problem(
      'service-unavailable',
      'It is not known yet which issuers are trusted. Try again in a few seconds.',
      { retryAfterSeconds: 2 },
    );
  }

  private async keepAsking(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.refresh();
      await sleep(this.learnt ? EVERY_MS : FLOOR_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  private async ask(): Promise<void> {
    this.askedAt = performance.now();
    const { changedAt: knownPosition } = this;
    const context = { requestId: randomUUID(), ...(knownPosition === undefined ? {} : { knownPosition }) };
    try {
      const { issuers } = await this.bus.ask(subjects.trustedIssuers, {}, context, {
        timeoutMs: PATIENCE_MS,
      });
      this.verifier.trust(issuers);
      this.learnt = true;
    } catch (error) {
      this.logger.debug({ err: error }, 'the trusted issuers could not be asked for; the known ones stay');
    }
  }
}

const environmentIssuer = ({
  OIDC_ISSUER,
  OIDC_AUDIENCE,
  OIDC_JWKS_URL,
}: GatewayConfig): TrustedIssuer | undefined =>
  OIDC_ISSUER && OIDC_AUDIENCE
    ? {
        issuer: OIDC_ISSUER,
        audiences: [OIDC_AUDIENCE],
        algorithms: [...signingAlgorithms],
        claims: {},
        ...(OIDC_JWKS_URL === undefined ? {} : { jwksUrl: OIDC_JWKS_URL }),
      }
    : undefined;

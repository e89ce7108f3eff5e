import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { IdentityProvider } from '#libs/access';
import { Problem, type RequestContext, type TrustedIssuers } from '#libs/contracts';
import type { Database } from '#libs/read-model';
import { DATABASE } from '../provisioner.tokens.js';
import { TenancyView } from '../tenancy/tenancy-view.js';

export class AskTrustedIssuers extends Query<TrustedIssuers> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

/** What the gateway must know to check tokens: asked by itself, for nobody. */
@QueryHandler(AskTrustedIssuers)
export class TrustedIssuersHandler implements IQueryHandler<AskTrustedIssuers> {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly view: TenancyView,
  ) {}

  async execute({ context }: AskTrustedIssuers): Promise<TrustedIssuers> {
    if (context.caller) throw new Problem('admin-required', 'This is asked by the gateway alone.');
    // rows that are still being filled would take away the trust in whoever is not in them yet
    if (this.view.health().status === 'down') throw notReady();
    const providers = await this.database.read((em) => em.find(IdentityProvider, { isActive: true }));
    return {
      issuers: providers.map(({ issuer, audiences, jwksUrl, algorithms, claims }) => ({
        issuer,
        audiences,
        algorithms,
        claims,
        ...(jwksUrl === null ? {} : { jwksUrl }),
      })),
    };
  }
}

const notReady = () =>
  new Problem('service-unavailable', 'It is not known yet which issuers are trusted. Try again shortly.', {
    retryAfterSeconds: 2,
  });

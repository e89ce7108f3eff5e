import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { IdentityProvider } from '#libs/access';
import { Problem, type TrustedIssuers } from '#libs/contracts';
import { present } from '../present.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { AskTrustedIssuers } from './identity-provider.messages.js';

/** What the gateway must know to check tokens: asked by itself, for nobody. */
@QueryHandler(AskTrustedIssuers)
export class TrustedIssuersHandler implements IQueryHandler<AskTrustedIssuers> {
  constructor(private readonly view: TenancyView) {}

  async execute({ context }: AskTrustedIssuers): Promise<TrustedIssuers> {
    if (context.caller) throw new Problem('admin-required', 'This is asked by the gateway alone.');
    // rows that are still being filled would take away the trust in whoever is not in them yet
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    if (!fresh || this.view.health().status === 'down') throw notReady();
    const providers = await this.view.read((em) => em.find(IdentityProvider, { isActive: true }));
    return {
      issuers: providers.map(({ issuer, audiences, jwksUrl, algorithms, claims }) => ({
        issuer,
        audiences,
        algorithms,
        claims,
        ...present('jwksUrl', jwksUrl),
      })),
    };
  }
}

const notReady = () =>
  new Problem('service-unavailable', 'It is not known yet which issuers are trusted. Try again shortly.', {
    retryAfterSeconds: 2,
  });

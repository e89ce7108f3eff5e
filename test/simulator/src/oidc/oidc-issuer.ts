import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { SimulatorOptions } from '../simulator.options.js';
import type { Database } from '../store/database.js';
import { oidcClients } from './clients.js';
import { IssuerKeys } from './issuer-keys.js';
import { serveLogin } from './login-page.js';
import { mintToken, type TokenOrder } from './mint-token.js';
import { makeProvider } from './oidc-provider.js';
import { clientAuthentication, OidcStore } from './oidc-store.js';

export const oidcPath = '/oidc';

/** The issuer at `/oidc`: oidc-provider, a login page, and tokens on order. */
export class OidcIssuer {
  private readonly keys: IssuerKeys;
  private readonly store: OidcStore;
  private readonly cookieKey: string;
  private provider: Provider | undefined;
  /** `http://127.0.0.1:PORT/oidc` */
  issuer = '';

  constructor(
    database: Database,
    private readonly options: SimulatorOptions['oidc'],
  ) {
    this.keys = new IssuerKeys(database);
    this.store = new OidcStore(database, oidcClients(options, options.publicUrl));
    const secrets = database.collection<{ cookieKey: string }>('oidc-secret', () => 'only');
    const { cookieKey } = secrets.get('only') ?? secrets.put({ cookieKey: randomBytes(32).toString('hex') });
    this.cookieKey = cookieKey;
  }

  /** @param baseUrl `http://127.0.0.1:PORT` */
  async start(baseUrl: string): Promise<void> {
    this.issuer = baseUrl + oidcPath;
    await this.keys.makeFirst();
    this.build();
  }

  /** Signs with a new key from now on; the last ones stay published. */
  async rotateKeys(): Promise<void> {
    await this.keys.rotate();
    this.build();
  }

  mint(order: TokenOrder): Promise<string> {
    return mintToken(order, {
      key: this.keys.current(),
      issuer: this.issuer,
      audience: this.options.audience,
    });
  }

  /** Answers a request whose path begins with `/oidc`. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const { provider } = this;
    if (!provider) {
      response.writeHead(503).end();
      return;
    }
    const url = request.url ?? '/';
    if (url.startsWith(`${oidcPath}/interaction/`)) {
      serveLogin(provider, request, response).catch(() => {
        if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' });
        response.end('This sign-in has ended. Please start again.');
      });
      return;
    }
    // oidc-provider finds out where it is mounted by comparing the two.
    Object.assign(request, { originalUrl: url, url: url.slice(oidcPath.length) || '/' });
    const basic = request.headers.authorization?.toLowerCase().startsWith('basic ');
    clientAuthentication.run(basic ? 'client_secret_basic' : 'client_secret_post', () => {
      void provider.callback()(request, response);
    });
  }

  private build(): void {
    this.provider = makeProvider({
      issuer: this.issuer,
      audience: this.options.audience,
      keys: this.keys.newestFirst(),
      cookieKey: this.cookieKey,
      store: this.store,
    });
  }
}

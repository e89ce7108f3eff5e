import type { Observer } from './observer.js';

/** What a simulator is told at its start. Everything else is a switch (`admin/switches.ts`). */
export interface SimulatorOptions {
  /** Port on 127.0.0.1; 0 takes the one of the last run with the same file, or a free one. */
  port: number;
  /** SQLite file; `:memory:` keeps nothing. */
  file: string;
  github: {
    appId: number;
    installationId: number;
    /** PEM of the App's private key (PKCS#1 or PKCS#8); the simulator keeps only the public half. */
    privateKeyPem: string;
    /** Login of the one organisation. */
    org: string;
  };
  hook: {
    /** Where deliveries go; absent: no webhook is configured and nothing is sent. */
    url: string | undefined;
    secret: string | undefined;
  };
  oidc: {
    /** `aud` of every access token. */
    audience: string;
    /** The dashboard's client. */
    clientId: string;
    clientSecret: string;
    /** Address of the service under test; its `/dashboard/callback` is the client's redirect URI. */
    publicUrl: string;
  };
  /** RSA key pairs made at the first start and handed out in turn to JIT runners. */
  runnerKeys: number;
  /** pino level. */
  logLevel: string;
  /** Sees every answer of the REST API and every webhook. */
  observer?: Observer | undefined;
}

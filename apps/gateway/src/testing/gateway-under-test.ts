import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request, { type Test } from 'supertest';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '#libs/testing';
import { createGateway } from '../gateway.app.js';
import { readGatewayConfig } from '../gateway.config.js';
import { answeringBus } from './answering-bus.js';
import type { ScriptedBus } from './scripted-bus.js';

export const WEBHOOK_SECRET = 'a webhook secret';
export const OLD_WEBHOOK_SECRET = 'the secret before';

/** On a machine that is busy with other things. */
export const STARTS_WITHIN_MS = 60_000;

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A gateway that is not listening, and what stands around it. */
export type GatewayUnderTest = {
  app: NestFastifyApplication;
  bus: ScriptedBus;
  issuer: TestIssuer;
  /** A request without a token. */
  anonymous(method: Method, path: string): Test;
  /** A request of alice's; of whoever the token is for, when one is given. */
  call(method: Method, path: string, token?: string): Test;
  stop(): Promise<void>;
};

export const gatewayEnvironment = (extra: Record<string, string> = {}) => ({
  NATS_URL: 'nats://127.0.0.1:4222',
  SERVER_SECRET: 'a server secret of length',
  DASHBOARD_INTERNAL_URL: 'http://127.0.0.1:9',
  GITHUB_WEBHOOK_SECRET: `${WEBHOOK_SECRET},${OLD_WEBHOOK_SECRET}`,
  ALLOW_PRIVATE_ISSUERS: 'true',
  LOG_LEVEL: 'fatal',
  ...extra,
});

export const startGateway = async ({
  bus = answeringBus(),
  environment = {},
}: {
  bus?: ScriptedBus;
  environment?: Record<string, string>;
} = {}): Promise<GatewayUnderTest> => {
  const issuer = await startTestIssuer();
  const config = readGatewayConfig(
    gatewayEnvironment({ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE, ...environment }),
  );
  const app = await createGateway(config, bus);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const alice = await issuer.token({ exp: Math.floor(Date.now() / 1000) + 3600 });
  const anonymous = (method: Method, path: string) => request(app.getHttpServer())[method](path);
  return {
    app,
    bus,
    issuer,
    anonymous,
    call: (method, path, token = alice) => anonymous(method, path).set('authorization', `Bearer ${token}`),
    stop: async () => {
      await app.close();
      await issuer.stop();
    },
  };
};

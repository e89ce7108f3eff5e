import { describe, expect, it } from '@jest/globals';
import type { Secrets } from '../state/secrets.js';
import { readConfiguration } from './configuration.js';
import { natsUrl, type Ports, signingSecret, simulatedSettings } from './installation-values.js';

const secrets: Secrets = {
  serverSecret: 's1',
  webhookSecret: 's2',
  oidcClientSecret: 's3',
  natsPasswords: { gateway: 'g', provisioner: 'p', sync: 's', audit: 'a', dashboard: 'd', cli: 'c' },
  githubAppKeyPath: '/data/secrets/github-app.pem',
};
const ports = { nats: 4222 } as Ports;
const simulator = { githubApiUrl: 'http://sim/api', githubUrl: 'http://sim', issuer: 'http://sim/oidc' };
const settings = (variables: Record<string, string>) =>
  simulatedSettings(readConfiguration(variables, '/'), simulator);

describe('what the launcher adds', () => {
  it('is a bus user for each app', () => {
    expect(natsUrl('audit', {}, ports, secrets)).toBe('nats://audit:a@127.0.0.1:4222');
  });

  it("is the operator's bus as it was given", () => {
    expect(natsUrl('audit', { NATS_URL: 'nats://bus:4222' }, ports, secrets)).toBe('nats://bus:4222');
  });

  it('is a development issuer, an administrator, no rate limit and quick polling in simulator mode', () => {
    expect(settings({})).toEqual({
      GITHUB_API_URL: 'http://sim/api',
      GITHUB_URL: 'http://sim',
      OIDC_ISSUER: 'http://sim/oidc',
      ALLOW_PRIVATE_ISSUERS: 'true',
      ADMIN_IDENTITIES: 'http://sim/oidc|admin',
      SEED_DEVELOPMENT_TEAM: 'true',
      RATE_LIMIT_WRITES_PER_MINUTE: '0',
      RATE_LIMIT_READS_PER_MINUTE: '0',
      SYNC_PENDING_INTERVAL_SECONDS: '1',
    });
  });

  it('leaves limits, intervals and further administrators to the operator', () => {
    const chosen = { RATE_LIMIT_READS_PER_MINUTE: '9', SYNC_PENDING_INTERVAL_SECONDS: '4' };
    expect(settings({ ...chosen, ADMIN_IDENTITIES: 'a@b.example' })).toMatchObject({
      ...chosen,
      ADMIN_IDENTITIES: 'a@b.example,http://sim/oidc|admin',
    });
  });

  it('is one secret to sign with while several are accepted', () => {
    expect(signingSecret({ GITHUB_WEBHOOK_SECRET: 'new, old' }, secrets)).toBe('new');
    expect(signingSecret({}, secrets)).toBe('s2');
  });
});

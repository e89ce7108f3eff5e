import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StartRefused } from '../start-refused.js';
import { readConfiguration, readVariables } from './configuration.js';

describe('configuration', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'configuration-'));
    writeFileSync(join(folder, 'app.pem'), 'a key');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const github = {
    GITHUB_APP_ID: '1',
    GITHUB_APP_INSTALLATION_ID: '2',
    GITHUB_APP_PRIVATE_KEY_PATH: 'app.pem',
    GITHUB_ORG: 'acme',
  };
  const oidc = { OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'rts' };

  const read = (environment: NodeJS.ProcessEnv) =>
    readConfiguration(readVariables(environment, folder), folder);
  const faults = (environment: NodeJS.ProcessEnv): readonly string[] => {
    try {
      read(environment);
      return [];
    } catch (error) {
      return error instanceof StartRefused ? error.reasons : [String(error)];
    }
  };

  it('is simulator mode when nothing is said about GitHub and OIDC', () => {
    expect(read({})).toMatchObject({
      simulated: true,
      authenticated: true,
      dataDirectory: join(folder, 'data'),
      publicUrl: 'http://localhost:8000',
      localUrl: 'http://127.0.0.1:8000',
    });
  });

  it('is simulator mode without tokens when only authentication is switched off', () => {
    expect(read({ ENABLE_OIDC_AUTH: 'False' })).toMatchObject({ simulated: true, authenticated: false });
  });

  it('uses the real systems when both sets are there', () => {
    expect(read({ ...github, ...oidc })).toMatchObject({ simulated: false, authenticated: true });
  });

  it('needs no OIDC variables without authentication', () => {
    expect(read({ ...github, ENABLE_OIDC_AUTH: 'false' })).toMatchObject({ simulated: false });
  });

  it('names what is missing of a set that was begun', () => {
    const { GITHUB_ORG: _, ...begun } = github;
    expect(faults(begun)).toEqual([
      expect.stringMatching(/^GITHUB_ORG, OIDC_ISSUER, OIDC_AUDIENCE are missing\./),
    ]);
    expect(faults(oidc)).toEqual([expect.stringMatching(/^GITHUB_APP_ID, .*, GITHUB_ORG are missing\./)]);
  });

  it('reports all faults at once and shows no value', () => {
    const found = faults({
      SERVICE_PORT: 'http',
      SYNC_INTERVAL_SECONDS: '0',
      DATABASE_URL: 'mysql://me:pw@db/x',
    });
    expect(found).toEqual([
      'DATABASE_URL must begin with sqlite:// or postgres:// or postgresql://.',
      'SERVICE_PORT must be a whole number from 1 to 65535.',
      'SYNC_INTERVAL_SECONDS must be a whole number from 1.',
    ]);
  });

  it('wants a private key that can be read', () => {
    expect(faults({ ...github, ...oidc, GITHUB_APP_PRIVATE_KEY_PATH: 'none.pem' })).toEqual([
      'GITHUB_APP_PRIVATE_KEY_PATH names a file that cannot be read: none.pem',
    ]);
  });

  it('takes .env of the working directory, the process winning and empty variables not counting', () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'SERVICE_PORT=9000\nLOG_LEVEL=debug\nREQUIRE_TEAM=true\n');
    const { port, variables } = read({ LOG_LEVEL: 'warn', REQUIRE_TEAM: '' });
    rmSync(file);
    expect(port).toBe(9000);
    expect(variables).toEqual({ SERVICE_PORT: '9000', LOG_LEVEL: 'warn' });
  });

  it('does not let everybody in from outside, and not by accident', () => {
    const open = { ENABLE_OIDC_AUTH: 'false', SERVICE_HOST: '0.0.0.0' };
    expect(faults(open)).toEqual([expect.stringContaining('ALLOW_INSECURE_AUTH=true')]);
    expect(faults({ ...open, ALLOW_INSECURE_AUTH: 'true' })).toEqual([]);
  });

  it('does not run the embedded store in production by accident', () => {
    expect(faults({ NODE_ENV: 'production' })).toEqual([expect.stringContaining('EVENTSTORE_URL')]);
    expect(faults({ NODE_ENV: 'production', ALLOW_EMBEDDED_EVENT_STORE: 'true' })).toEqual([]);
  });

  it.each([
    ['0.0.0.0', 'http://localhost:8000', 'http://127.0.0.1:8000'],
    ['::', 'http://localhost:8000', 'http://[::1]:8000'],
    ['10.1.2.3', 'http://10.1.2.3:8000', 'http://10.1.2.3:8000'],
  ])('on %s it is %s for callers and %s for this machine', (SERVICE_HOST, publicUrl, localUrl) => {
    expect(read({ SERVICE_HOST })).toMatchObject({ publicUrl, localUrl });
  });
});

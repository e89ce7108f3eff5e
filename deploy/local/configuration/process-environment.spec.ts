import { describe, expect, it } from '@jest/globals';
import { environmentOf, receivers } from './process-environment.js';
import { type ProcessName, processNames } from './process-names.js';

const everything = Object.fromEntries(Object.keys(receivers).map((name) => [name, `value of ${name}`]));

const receiversOf = (variable: string): ProcessName[] =>
  processNames.filter((name) => environmentOf(name, {}, everything)[variable] !== undefined);

describe('the environment of a process', () => {
  it.each([
    ['GITHUB_APP_PRIVATE_KEY_PATH', ['simulator', 'provisioner', 'sync']],
    ['GITHUB_WEBHOOK_SECRET', ['simulator', 'gateway', 'sync']],
    ['OIDC_CLIENT_SECRET', ['simulator', 'gateway']],
    ['EVENTSTORE_URL', ['provisioner', 'sync', 'audit', 'dashboard']],
    ['DATABASE_URL', ['provisioner', 'sync', 'audit', 'dashboard']],
    ['CLI_NATS_PASSWORD', ['nats']],
    ['SERVER_SECRET', ['gateway', 'provisioner', 'dashboard']],
  ])('hands %s to %j only', (variable, expected) => {
    expect(receiversOf(variable)).toEqual(expected);
  });

  it('hands settings and the surroundings to everybody', () => {
    const surroundings = { PATH: '/bin', LOG_LEVEL: 'debug', HTTPS_PROXY: 'http://proxy' };
    for (const name of processNames) expect(environmentOf(name, surroundings, {})).toEqual(surroundings);
  });

  it('keeps the credentials of the shell to itself', () => {
    const shell = { GITHUB_TOKEN: 'x', GH_TOKEN: 'x', npm_config__authToken: 'x', OIDC_UNKNOWN: 'x' };
    for (const name of processNames) expect(environmentOf(name, shell, {})).toEqual({});
  });

  it('lets the launcher decide where both say something', () => {
    expect(environmentOf('audit', { DATA_DIR: 'data' }, { DATA_DIR: '/data' })).toEqual({
      DATA_DIR: '/data',
    });
  });
});

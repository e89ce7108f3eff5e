import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Problem, subjects, type TrustedIssuers as Told } from '#libs/contracts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '#libs/testing';
import { readGatewayConfig } from '../gateway.config.js';
import { gatewayEnvironment } from '../testing/gateway-under-test.js';
import { ScriptedBus } from '../testing/scripted-bus.js';
import { TrustedIssuers } from './trusted-issuers.js';

let environment: TestIssuer;
let partner: TestIssuer;
let bus: ScriptedBus;
let issuers: TrustedIssuers;

beforeAll(async () => {
  Logger.overrideLogger(false);
  [environment, partner] = await Promise.all([startTestIssuer(), startTestIssuer()]);
});
afterAll(() => Promise.all([environment.stop(), partner.stop()]));

const trusting = (...names: string[]): Told => ({
  issuers: names.map((issuer) => ({ issuer, audiences: [AUDIENCE], algorithms: ['RS256'], claims: {} })),
});
const tell = (told: Told) => bus.answer(subjects.trustedIssuers, () => told);
const goAway = () =>
  bus.answer(subjects.trustedIssuers, () => {
    throw new Problem('service-unavailable', 'away', { retryAfterSeconds: 2 });
  });
const asked = () => bus.asked(subjects.trustedIssuers).length;
const outcome = async (issuer: TestIssuer) => {
  const verification = await issuers.verifier.verify(await issuer.token());
  return verification.valid ? verification.caller.issuer : verification.problem.code;
};

beforeEach(() => {
  bus = new ScriptedBus();
  const variables = { OIDC_ISSUER: environment.issuer, OIDC_AUDIENCE: AUDIENCE };
  issuers = new TrustedIssuers(bus, readGatewayConfig(gatewayEnvironment(variables)));
});
afterEach(() => issuers.onApplicationShutdown());

describe('while the provisioner has not been met', () => {
  beforeEach(() => {
    goAway();
    issuers.onApplicationBootstrap();
  });
  it("the environment's issuer is trusted", async () =>
    expect(await outcome(environment)).toBe(environment.issuer));
  it('nobody else is refused for good', async () =>
    expect(await outcome(partner)).toBe('service-unavailable'));
});

describe('once the provisioner has told', () => {
  it('its providers are trusted', async () => {
    tell(trusting(partner.issuer));
    issuers.onApplicationBootstrap();
    expect(await outcome(partner)).toBe(partner.issuer);
    expect(await outcome(environment)).toBe(environment.issuer);
    expect(asked()).toBe(1);
    expect(bus.asked(subjects.trustedIssuers)[0]?.context.caller).toBeUndefined();
  });

  it('they stay trusted while it is away', async () => {
    tell(trusting(partner.issuer));
    await issuers.refresh();
    goAway();
    await issuers.refresh();
    expect(await outcome(partner)).toBe(partner.issuer);
  });

  it('one it no longer names is refused at once', async () => {
    tell(trusting(partner.issuer));
    await issuers.refresh();
    expect(await outcome(partner)).toBe(partner.issuer);
    tell(trusting());
    await issuers.refresh();
    expect(await outcome(partner)).toBe('issuer-untrusted');
  });

  it('a new one is trusted with its first token, when a second has passed since it was asked', async () => {
    tell(trusting());
    await issuers.refresh();
    expect(await outcome(partner)).toBe('issuer-untrusted');
    tell(trusting(partner.issuer));
    const giveUpAt = Date.now() + 5_000;
    while ((await outcome(partner)) !== partner.issuer) expect(Date.now()).toBeLessThan(giveUpAt);
    expect(asked()).toBe(2);
  });

  it('any number of strangers make it ask once', async () => {
    tell(trusting());
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(partner)));
    expect(new Set(outcomes)).toEqual(new Set(['issuer-untrusted']));
    expect(asked()).toBe(1);
  });

  it('what was changed through this gateway is known when its caller is answered', async () => {
    const tellLater = Promise.withResolvers<Told>();
    bus.answer(subjects.trustedIssuers, () => tellLater.promise);
    const underWay = issuers.refresh();
    tell(trusting(partner.issuer));
    const changed = issuers.changed('42');
    tellLater.resolve(trusting());
    await Promise.all([underWay, changed]);
    expect(await outcome(partner)).toBe(partner.issuer);
    expect(bus.asked(subjects.trustedIssuers).map(({ context }) => context.knownPosition)).toEqual([
      undefined,
      '42',
    ]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deliveryChecksOf, installationOf, pollingOf, readSyncConfig, retentionOf } from './sync.config.js';

describe('the configuration of sync', () => {
  let folder: string;
  let complete: Record<string, string>;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rts-sync-'));
    const key = join(folder, 'app.pem');
    writeFileSync(key, 'a key');
    complete = {
      NATS_URL: 'nats://127.0.0.1:4222',
      EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
      GITHUB_APP_ID: '1001',
      GITHUB_APP_INSTALLATION_ID: '2001',
      GITHUB_APP_PRIVATE_KEY_PATH: key,
      GITHUB_ORG: 'octo-org',
    };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('polls every 300 seconds and at once, for pending runners every 10', () => {
    const config = readSyncConfig(complete);
    expect(pollingOf(config)).toEqual({ everyMs: 300_000, pendingEveryMs: 10_000, atOnce: true });
    expect(installationOf(config)).toEqual({
      scope: { kind: 'org', login: 'octo-org' },
      installationId: 2001,
    });
    expect(config.GITHUB_APP_PRIVATE_KEY_PATH).toBe('a key');
  });

  it('may poll as often as every second, or never', () => {
    const everySecond = { SYNC_INTERVAL_SECONDS: '3', SYNC_PENDING_INTERVAL_SECONDS: '1' };
    const config = readSyncConfig({ ...complete, ...everySecond, SYNC_ON_STARTUP: 'false' });
    expect(pollingOf(config)).toEqual({ everyMs: 3_000, pendingEveryMs: 1_000, atOnce: false });
    expect(pollingOf(readSyncConfig({ ...complete, SYNC_ENABLED: 'false' }))).toBeUndefined();
  });

  it('keeps deliveries for 30 days and 1,000 events of cycles', () => {
    const days = (count: number) => count * 24 * 60 * 60;
    expect(retentionOf(readSyncConfig(complete))).toEqual({ deliverySeconds: days(30), cycleEvents: 1_000 });
    const others = { GITHUB_DELIVERY_RETENTION_DAYS: '7', SYNC_CYCLE_RETENTION_EVENTS: '500' };
    expect(retentionOf(readSyncConfig({ ...complete, ...others }))).toEqual({
      deliverySeconds: days(7),
      cycleEvents: 500,
    });
    // GitHub may send a delivery again for three days, and the lease looks at a hundred events
    const tooFew = { GITHUB_DELIVERY_RETENTION_DAYS: '3', SYNC_CYCLE_RETENTION_EVENTS: '100' };
    expect(() => readSyncConfig({ ...complete, ...tooFew })).toThrow(
      /GITHUB_DELIVERY_RETENTION_DAYS.*SYNC_CYCLE_RETENTION_EVENTS/s,
    );
  });

  it('accounts for deliveries every 10 minutes, where there are any, and keeps no secret', () => {
    expect(deliveryChecksOf(readSyncConfig(complete))).toBeUndefined();
    const config = readSyncConfig({ ...complete, GITHUB_WEBHOOK_SECRET: 'a secret,another' });
    expect(deliveryChecksOf(config)).toEqual({ everyMs: 600_000 });
    expect(JSON.stringify(config)).not.toContain('a secret');
    const often = { GITHUB_WEBHOOK_SECRET: 'a secret', DELIVERY_CHECK_INTERVAL_SECONDS: '1' };
    expect(deliveryChecksOf(readSyncConfig({ ...complete, ...often }))).toEqual({ everyMs: 1_000 });
  });

  it('names everything that is missing at once', () => {
    expect(() => readSyncConfig({ GITHUB_APP_PRIVATE_KEY_PATH: '/not/there.pem' })).toThrow(
      /NATS_URL.*EVENTSTORE_URL.*GITHUB_APP_ID.*GITHUB_APP_INSTALLATION_ID.*cannot be read: \/not\/there.*GITHUB_ORG/s,
    );
  });
});

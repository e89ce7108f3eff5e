import { describe, expect, it } from '@jest/globals';
import type { HookDelivery } from '#libs/github';
import { accountsAfter, doubtfulAmong } from './account-deliveries.js';
import type { DeliveryAccountRow } from './delivery-account.entity.js';

const attempt = (id: string, changes: Partial<HookDelivery> = {}): HookDelivery => ({
  id,
  guid: 'g-1',
  deliveredAt: `2026-11-03T10:00:0${id.at(-1)}.000Z`,
  statusCode: 503,
  event: 'workflow_job',
  installationId: 7,
  ...changes,
});
const account = (changes: Partial<DeliveryAccountRow> = {}): DeliveryAccountRow => ({
  guid: 'g-1',
  deliveryId: '1',
  deliveredAt: new Date('2026-11-03T10:00:01.000Z'),
  state: 'missing',
  tries: 0,
  askedAt: null,
  askAgainAt: null,
  ...changes,
});
const knowing = (...accounts: DeliveryAccountRow[]) => new Map(accounts.map((each) => [each.guid, each]));
const nobody = knowing();
const inLog = new Set(['g-1']);
const notInLog = new Set<string>();

describe('a delivery', () => {
  it('that any attempt has brought here is accounted for', () => {
    const attempts = [attempt('2'), attempt('1', { statusCode: 200 })];
    expect(doubtfulAmong(attempts, nobody)).toEqual([]);
    expect(accountsAfter(attempts, nobody, notInLog)).toEqual([
      account({ deliveryId: '2', state: 'recorded' }),
    ]);
  });

  it.each([0, 401, 500, 503])('that was answered with %s is looked up in the log', (statusCode) => {
    const attempts = [attempt('1', { statusCode })];
    expect(doubtfulAmong(attempts, nobody)).toEqual(['g-1']);
    expect(accountsAfter(attempts, nobody, inLog)).toEqual([account({ state: 'recorded' })]);
    expect(accountsAfter(attempts, nobody, notInLog)).toEqual([account()]);
  });

  it('keeps what is known of it: the newest attempt, the first time, the tries', () => {
    const known = account({ deliveryId: '4', deliveredAt: new Date('2026-11-03T10:00:04.000Z'), tries: 2 });
    expect(accountsAfter([attempt('3'), attempt('2')], knowing(known), notInLog)).toEqual([
      { ...known, deliveryId: '4', deliveredAt: new Date('2026-11-03T10:00:02.000Z') },
    ]);
  });

  it('is told from others by every digit of its attempts', () => {
    const attempts = [attempt('3804004623172239367'), attempt('3804004623172239366')];
    expect(accountsAfter(attempts, nobody, notInLog)).toMatchObject([{ deliveryId: '3804004623172239367' }]);
  });

  it('that is recorded stays so', () => {
    const known = knowing(account({ state: 'recorded' }));
    expect(doubtfulAmong([attempt('9')], known)).toEqual([]);
    expect(accountsAfter([attempt('9')], known, notInLog)).toEqual([]);
  });

  it('that was given up may still come', () => {
    const known = knowing(account({ state: 'given-up' }));
    expect(accountsAfter([attempt('9', { statusCode: 202 })], known, notInLog)).toMatchObject([
      { state: 'recorded' },
    ]);
    expect(accountsAfter([attempt('9')], known, notInLog)).toMatchObject([{ state: 'given-up' }]);
  });
});

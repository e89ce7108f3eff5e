import type { HookDelivery } from '#libs/github';
import type { DeliveryAccountRow } from './delivery-account.entity.js';

type Account = DeliveryAccountRow;

/** GUIDs of which these attempts and what is known leave open whether they were recorded: the log has to tell. */
export const doubtfulAmong = (
  attempts: readonly HookDelivery[],
  known: ReadonlyMap<string, Account>,
): string[] =>
  [...byGuid(attempts)]
    .filter(([guid, tries]) => known.get(guid)?.state !== 'recorded' && !tries.some(isAcknowledged))
    .map(([guid]) => guid);

/**
 * The accounts that these attempts change. We acknowledge only what is durable, so one acknowledged attempt is enough;
 * an attempt without an acknowledgement proves nothing, because the answer may have been lost.
 */
export const accountsAfter = (
  attempts: readonly HookDelivery[],
  known: ReadonlyMap<string, Account>,
  inLog: ReadonlySet<string>,
): Account[] =>
  [...byGuid(attempts)].flatMap(([guid, tries]) => {
    const before = known.get(guid);
    if (before?.state === 'recorded') return [];
    const after = withAttempts(before ?? unheardOf(guid, tries), tries);
    return [inLog.has(guid) || tries.some(isAcknowledged) ? { ...after, state: 'recorded' } : after];
  });

const isAcknowledged = ({ statusCode }: HookDelivery): boolean => statusCode >= 200 && statusCode < 300;

const byGuid = (attempts: readonly HookDelivery[]): Map<string, HookDelivery[]> =>
  Map.groupBy(attempts, ({ guid }) => guid);

const unheardOf = (guid: string, attempts: readonly HookDelivery[]): Account => ({
  guid,
  deliveryId: attempts[0]?.id ?? '',
  deliveredAt: new Date(attempts[0]?.deliveredAt ?? 0),
  state: 'missing',
  tries: 0,
  askedAt: null,
  askAgainAt: null,
});

/** The newest attempt is what GitHub remembers longest, the first one is how old the news is. */
const withAttempts = (account: Account, attempts: readonly HookDelivery[]): Account => ({
  ...account,
  deliveryId: [account.deliveryId, ...attempts.map(({ id }) => id)].reduce((newest, id) =>
    BigInt(id) > BigInt(newest) ? id : newest,
  ),
  deliveredAt: new Date(
    Math.min(account.deliveredAt.getTime(), ...attempts.map(({ deliveredAt }) => Date.parse(deliveredAt))),
  ),
});

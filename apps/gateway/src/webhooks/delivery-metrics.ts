import { Counter, register } from 'prom-client';

/** Why a delivery is answered and not recorded. */
export type OfNoUse =
  | 'unknown-event'
  /** Not a job as GitHub describes one. */
  | 'unreadable'
  /** Of another installation or organisation. */
  | 'foreign'
  /** About a job on a machine of GitHub's own. */
  | 'hosted';

export type DeliveryResult = 'accepted' | 'duplicate' | 'failed' | `ignored-${OfNoUse}`;

const NAME = 'rts_webhook_deliveries_total';

/** Several gateways of one process, as in specs, count together. */
export const countedDeliveries = (): Counter<'result'> =>
  (register.getSingleMetric(NAME) as Counter<'result'> | undefined) ??
  new Counter({
    name: NAME,
    help: 'Signed webhook deliveries by what became of them: accepted, duplicate, failed, ignored-<why>',
    labelNames: ['result'],
  });

import { Problem, type ProblemKind } from '#libs/contracts';
import type { Bus } from '#libs/messaging';

/** Whoever can be asked over the bus. */
export type Asking = Pick<Bus, 'ask'>;

const HEALING: ReadonlySet<ProblemKind> = new Set(['unavailable', 'timeout', 'exhausted']);

/** True when the same question will be answered one day. */
export const willHeal = (error: unknown): boolean => error instanceof Problem && HEALING.has(error.kind);

/** True when the provisioner, or the log behind it, is not to be reached: nobody else's question fares better. */
export const isProvisionerAway = (error: unknown): boolean =>
  error instanceof Problem &&
  (error.code === 'service-unavailable' || error.code === 'event-store-unavailable');

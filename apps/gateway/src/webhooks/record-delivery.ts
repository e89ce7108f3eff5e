import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, type RecordDelivery, type ReplyOf, type RequestContext, subjects } from '#libs/contracts';
import type { Bus } from '#libs/messaging';

type Recorded = ReplyOf<typeof subjects.recordDelivery>;

/** GitHub gives up after 10 seconds and never delivers again by itself. */
const GITHUB_WAITS_MS = 8_000;
const PAUSE_MS = 300;

/**
 * Has the delivery recorded, trying again while GitHub still waits: sync may be starting anew. The GUID makes that
 * harmless, and a delivery that a lost answer left recorded is accepted all the same.
 */
export const recordDelivery = async (
  bus: Bus,
  delivery: RecordDelivery,
  context: RequestContext,
): Promise<Recorded> => {
  const giveUpAt = Date.now() + GITHUB_WAITS_MS;
  for (let tries = 1; ; tries++) {
    try {
      const timeoutMs = Math.max(1, giveUpAt - Date.now());
      const recorded = await bus.ask(subjects.recordDelivery, delivery, context, { timeoutMs });
      return tries > 1 && recorded.status === 'duplicate' ? { status: 'accepted' } : recorded;
    } catch (error) {
      const restarting = error instanceof Problem && error.code === 'service-unavailable';
      if (!restarting || Date.now() + PAUSE_MS > giveUpAt) throw error;
      await sleep(PAUSE_MS);
    }
  }
};

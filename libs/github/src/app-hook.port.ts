/**
 * What GitHub remembers of the App's webhook: every attempt to deliver, of all installations, for three days (seven on
 * an Enterprise Server). GitHub never delivers again by itself, but it does when it is asked to.
 *
 * Every method answers, or throws a `GithubRefusal`. All of it is polling: it is refused with `budget-reserved` while
 * less than 30 % of the App's own hourly budget is left.
 */
export interface AppHook {
  /**
   * Attempts, the newest first, up to a hundred; failed and unanswered ones, too. Some that were on their way may
   * turn up later in their place.
   *
   * @param cursor of the page before; absent: the newest
   */
  listDeliveries(cursor?: string): Promise<DeliveryPage>;

  /** Makes GitHub deliver once more, soon, under the same GUID. `gone`: GitHub has forgotten it. */
  redeliver(deliveryId: string): Promise<'asked' | 'gone'>;
}

export type DeliveryPage = {
  deliveries: HookDelivery[];
  /** Absent: there are no older ones. */
  next?: string;
};

/** One attempt to deliver. */
export type HookDelivery = {
  /** Of the attempt; more digits than a number can hold. */
  id: string;
  /** Of what is delivered; the same for every attempt. */
  guid: string;
  /** ISO-8601 UTC. */
  deliveredAt: string;
  /** What the receiver answered; 0 = it did not. */
  statusCode: number;
  event: string;
  /** Absent: of the App as a whole. */
  installationId?: number;
};

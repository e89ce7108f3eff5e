import type { DeliveryAccount } from '#libs/contracts';

/** Who knows whether all that GitHub has sent has arrived. */
export interface Deliveries {
  status(): Promise<DeliveryAccount>;
}

export const nothingCompared: Deliveries = {
  status: async () => ({ enabled: false, accountedFor: 0, of: 0, askedAgain: 0, givenUp: 0 }),
};

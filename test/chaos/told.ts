import type { GithubDeliveryEvent, Recorded, RunnerEvent, RunnerNameEvent } from '#libs/contracts';
import { capacityDecider } from '../../apps/provisioner/src/capacity/capacity.decider.js';
import { type CapacityEvent, capacityOf } from '../../apps/provisioner/src/capacity/capacity-holder.js';
import { runnerDecider } from '../../apps/provisioner/src/runner/runner.decider.js';
import type { RunnerState } from '../../apps/provisioner/src/runner/runner.state.js';
import { runnerNameDecider } from '../../apps/provisioner/src/runner-name/runner-name.decider.js';

export type Delivery = Recorded<GithubDeliveryEvent>;
export type ToldRunner = { state: RunnerState; facts: readonly Recorded<RunnerEvent>[] };

/** What the log says in the end. */
export type Told = {
  runners: ReadonlyMap<string, ToldRunner>;
  deliveries: readonly Delivery[];
  /** Ids of our runners that hold a name, or a slot; one that holds two is there twice. */
  nameHolders: readonly string[];
  slotHolders: readonly string[];
};

export const toldBy = (facts: readonly Recorded[]): Told => {
  const byStream = Map.groupBy(facts, ({ stream }) => stream);
  const runners = new Map<string, ToldRunner>();
  const deliveries: Delivery[] = [];
  const nameHolders: string[] = [];
  const slotHolders: string[] = [];
  for (const [stream, ofStream] of byStream) {
    const [category = '', ...rest] = stream.split('-');
    const id = rest.join('-');
    switch (category) {
      case 'runner': {
        const own = ofStream as Recorded<RunnerEvent>[];
        runners.set(id, { state: own.reduce(runnerDecider.evolve, runnerDecider.initial), facts: own });
        break;
      }
      case 'githubDelivery':
        deliveries.push(...(ofStream as Delivery[]));
        break;
      case 'runnerName': {
        const own = ofStream as Recorded<RunnerNameEvent>[];
        const { heldBy } = own.reduce(runnerNameDecider.evolve, runnerNameDecider.initial);
        if (heldBy !== undefined) nameHolders.push(heldBy);
        break;
      }
      default: {
        const kind = category === 'teamCapacity' ? 'team' : 'user';
        const { evolve, initial } = capacityDecider(capacityOf({ kind, id }));
        slotHolders.push(...(ofStream as Recorded<CapacityEvent>[]).reduce(evolve, initial).runners);
      }
    }
  }
  return { runners, deliveries, nameHolders, slotHolders };
};

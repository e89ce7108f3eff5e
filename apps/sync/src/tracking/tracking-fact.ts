import type {
  GithubDeliveryEvent,
  Recorded,
  RunnerEvent,
  RunnerNameEvent,
  TeamCapacityEvent,
} from '#libs/contracts';

export type FactOfRunner =
  | Recorded<RunnerEvent>
  | Recorded<RunnerNameEvent>
  | Recorded<Exclude<TeamCapacityEvent, { type: OfNoRunner }>>;

/** Of the team as a whole. */
type OfNoRunner = 'TeamCapacitySnapshotTaken' | 'TeamCapacityClosed' | 'TeamCapacityOpened';
const OF_NO_RUNNER: ReadonlySet<string> = new Set<OfNoRunner>([
  'TeamCapacitySnapshotTaken',
  'TeamCapacityClosed',
  'TeamCapacityOpened',
]);
export const isOfNoRunner = (
  fact: TrackingFact,
): fact is Recorded<Extract<TeamCapacityEvent, { type: OfNoRunner }>> => OF_NO_RUNNER.has(fact.type);

/** What the tracking of runners follows. */
export type TrackingFact = FactOfRunner | Recorded<GithubDeliveryEvent> | Recorded<TeamCapacityEvent>;

export const trackingPrefixes = ['runner-', 'runnerName-', 'teamCapacity-', 'githubDelivery-'] as const;

/** The codec has checked type and shape, and streams of other categories are not followed. */
export const asTrackingFact = (fact: Recorded): TrackingFact => fact as TrackingFact;

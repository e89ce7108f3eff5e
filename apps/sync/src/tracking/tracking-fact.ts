import type {
  GithubDeliveryEvent,
  Recorded,
  RunnerEvent,
  RunnerNameEvent,
  TeamCapacityEvent,
  UserCapacityEvent,
} from '#libs/contracts';

export type FactOfRunner =
  | Recorded<RunnerEvent>
  | Recorded<RunnerNameEvent>
  | Recorded<Exclude<CapacityEvent, { type: OfNoRunner }>>;

type CapacityEvent = TeamCapacityEvent | UserCapacityEvent;
/** Of the team, or the user, as a whole. */
type OfNoRunner =
  | 'TeamCapacitySnapshotTaken'
  | 'TeamCapacityClosed'
  | 'TeamCapacityOpened'
  | 'UserCapacitySnapshotTaken';
const OF_NO_RUNNER: ReadonlySet<string> = new Set<OfNoRunner>([
  'TeamCapacitySnapshotTaken',
  'TeamCapacityClosed',
  'TeamCapacityOpened',
  'UserCapacitySnapshotTaken',
]);
export const isOfNoRunner = (
  fact: TrackingFact,
): fact is Recorded<Extract<CapacityEvent, { type: OfNoRunner }>> => OF_NO_RUNNER.has(fact.type);

/** What the tracking of runners follows. */
export type TrackingFact = FactOfRunner | Recorded<GithubDeliveryEvent> | Recorded<CapacityEvent>;

export const trackingPrefixes = [
  'runner-',
  'runnerName-',
  'teamCapacity-',
  'userCapacity-',
  'githubDelivery-',
] as const;

/** The codec has checked type and shape, and streams of other categories are not followed. */
export const asTrackingFact = (fact: Recorded): TrackingFact => fact as TrackingFact;

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
  | Recorded<Exclude<TeamCapacityEvent, { type: 'TeamCapacitySnapshotTaken' }>>;

/** What the tracking of runners follows. */
export type TrackingFact = FactOfRunner | Recorded<GithubDeliveryEvent> | Recorded<TeamCapacityEvent>;

export const trackingPrefixes = ['runner-', 'runnerName-', 'teamCapacity-', 'githubDelivery-'] as const;

/** The codec has checked type and shape, and streams of other categories are not followed. */
export const asTrackingFact = (fact: Recorded): TrackingFact => fact as TrackingFact;

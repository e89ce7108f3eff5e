import { type Recorded, recordsIn } from '../simulator/src/recorder.js';
import type { System } from '../support/system.js';

export type AtGithub = {
  id: number;
  name: string;
  status: 'online' | 'offline';
  busy: boolean;
  labels: { name: string }[];
};
export type Attempt = { guid: string; event: string; action: string | null; status_code: number };

export type GithubState = {
  runners: AtGithub[];
  job_counts: { in_progress: number };
  /** What was done to hooks: how often each. */
  hooks: Record<string, number>;
  /** By operation. */
  calls: Record<string, { by_status: Record<string, number> }>;
};

/** What the simulator shows and has written down. */
export const githubSide = ({ simulator, record }: Pick<System, 'simulator' | 'record'>) => ({
  state: () => simulator<GithubState>('GET', '/state'),
  /** Every attempt to deliver a hook that is over. */
  attempts: async () =>
    (await simulator<{ deliveries: Attempt[] }>('GET', '/deliveries?count=100000')).deliveries,
  records: (): Recorded[] => recordsIn(record),
});

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

/** What the simulator shows and has written down. */
export const githubSide = ({ simulator, record }: Pick<System, 'simulator' | 'record'>) => ({
  runners: async () => (await simulator<{ runners: AtGithub[] }>('GET', '/state')).runners,
  /** Every attempt to deliver a hook that is over. */
  attempts: async () =>
    (await simulator<{ deliveries: Attempt[] }>('GET', '/deliveries?count=100000')).deliveries,
  records: (): Recorded[] => recordsIn(record),
});
export type GithubSide = ReturnType<typeof githubSide>;

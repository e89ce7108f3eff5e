import { terminated } from './exit-code.js';
import { request } from './request.js';
import type { RunnerSettings } from './runner-settings.js';

/** Queues a job with this runner's own labels at the simulator, so that a demo needs nobody else. */
export async function queueOwnJob({ id, brokerUrl }: RunnerSettings): Promise<string> {
  const { origin } = new URL(brokerUrl);
  const runner = await request(`${origin}/_simulator/runners/${id}`, {});
  if (runner.status !== 200) throw terminated('--queue-job works with the simulator only.');
  const labels = (runner.body.labels as { name: string }[]).map(({ name }) => name);
  const job = await request(`${origin}/_simulator/jobs`, {
    method: 'POST',
    body: JSON.stringify({ labels }),
  });
  if (job.status !== 201) throw terminated('The simulator did not queue a job.');
  return `Queued job ${job.body.id} for labels ${labels.join(', ')}`;
}

import { randomUUID } from 'node:crypto';
import { type ClosedLoop, closedLoop, type LoopResult } from '../load/closed-loop.js';
import { connections, post } from '../load/post.js';
import { answer } from '../processes/worker.js';
import { deliveries, type Installation, type JobStage } from './delivery.js';

/** Delivers as GitHub does, every delivery about another job; whatever is not answered 202 is a failure. */
export type DeliverTask = ClosedLoop & { url: string; secret: string; installation: Installation };

const STAGES = ['queued', 'in_progress', 'completed'] as const;

/** Ids go on where the last task ended. */
let jobId = 900_000_000_000_001;

const nextStage = (): JobStage => {
  const id = jobId++;
  const action = STAGES[id % STAGES.length] ?? 'queued';
  const runner = { id: id % 1_000_000_000, name: `elsewhere-${id}` };
  return { guid: randomUUID(), jobId: id, action, ...(action === 'queued' ? {} : { runner }) };
};

answer<DeliverTask, LoopResult>(async ({ url, secret, installation, ...loop }) => {
  const deliver = deliveries(secret, installation);
  const agent = connections(loop.inFlight);
  try {
    return await closedLoop(loop, async () => {
      const status = await post(url, deliver(nextStage()), agent);
      if (status !== 202) throw new Error(`a delivery was answered ${status}`);
    });
  } finally {
    agent.destroy();
  }
});

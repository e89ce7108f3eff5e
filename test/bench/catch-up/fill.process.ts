import { Buffer } from 'node:buffer';
import { EventLog } from '../../../libs/embedded-event-store/src/storage/event-log.js';
import { runnerLives } from '../facts/runner-lives.js';
import { answer } from '../processes/worker.js';

/** Writes facts into a store's file as the store itself would, without the protocol: a million of them in time. */
export type FillTask = { file: string; count: number };

const TOGETHER = 5_000;

answer<FillTask, { seconds: number }>(async ({ file, count }) => {
  const startedAt = performance.now();
  const log = EventLog.open(file);
  try {
    const facts = runnerLives(count);
    for (let written = 0; written < count; written += TOGETHER) {
      log.transaction(() => {
        for (let index = 0; index < TOGETHER; index++) {
          const { value: fact, done } = facts.next();
          if (done) return;
          log.write(fact.stream, [
            {
              id: Buffer.from(fact.id.replaceAll('-', ''), 'hex'),
              type: fact.event.type,
              isJson: true,
              data: Buffer.from(JSON.stringify(fact.event.data)),
              metadata: Buffer.from(JSON.stringify(fact.metadata)),
            },
          ]);
        }
      });
    }
  } finally {
    log.close();
  }
  return { seconds: (performance.now() - startedAt) / 1000 };
});

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { runnerLives } from '../facts/runner-lives.js';
import { closedLoop, type LoopResult } from '../load/closed-loop.js';
import { answer } from '../processes/worker.js';

/** Writes as many bytes as a fact has to the end of a file and waits for the disk, one after the other. */
export type SyncWriteTask = { file: string; milliseconds: number };

const [, fact] = runnerLives(65);
const bytes = Buffer.from(JSON.stringify([fact?.event.data, fact?.metadata]));

answer<SyncWriteTask, LoopResult>(async ({ file, milliseconds }) => {
  const descriptor = openSync(file, 'a');
  try {
    return await closedLoop({ inFlight: 1, milliseconds }, async () => {
      writeSync(descriptor, bytes);
      fsyncSync(descriptor);
    });
  } finally {
    closeSync(descriptor);
  }
});

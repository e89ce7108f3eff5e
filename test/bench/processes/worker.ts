import { type ChildProcess, fork } from 'node:child_process';
import type { WatchedProcess } from './watched-process.js';

/** A process of the bench's own that is given one task after the other. */
export type Worker<Task, Result> = WatchedProcess & {
  /** Rejects with what the worker threw, or when it ends before it has answered. */
  ask(task: Task): Promise<Result>;
  stop(): Promise<void>;
};

type Answer<Result> = { result: Result } | { error: string };

/**
 * Starts a module that calls `answer`. Whatever makes load, or is measured alone, is a process: in the bench's own
 * it would wait for the event loop of the others.
 *
 * @param flags of Node
 */
export const startWorker = <Task, Result>(
  name: string,
  module: URL,
  flags: readonly string[] = [],
): Worker<Task, Result> => {
  const child: ChildProcess = fork(module, { execArgv: [...flags], serialization: 'advanced' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    pid: child.pid ?? -1,
    ask: (task) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          child.off('message', onMessage);
          child.off('exit', onExit);
          act();
        };
        const onMessage = (message: unknown) => {
          const answer = message as Answer<Result>;
          settle(() => ('error' in answer ? reject(new Error(answer.error)) : resolve(answer.result)));
        };
        const onExit = (code: number | null) =>
          settle(() => reject(new Error(`the process ${name} ended (${code}) before it answered`)));
        child.on('message', onMessage);
        child.on('exit', onExit);
        child.send(task as object);
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

/** In the worker: does each task that comes, and ends when the bench does. */
export const answer = <Task, Result>(work: (task: Task) => Promise<Result>): void => {
  process.once('disconnect', () => process.exit());
  process.on('message', async (task) => {
    const reply = (message: Answer<Result>) => process.send?.(message);
    try {
      reply({ result: await work(task as Task) });
    } catch (error) {
      reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
};

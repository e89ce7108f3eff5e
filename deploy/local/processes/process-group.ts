import type { DataDirectory } from '../state/data-directory.js';
import { ProcessRecord } from './leftovers.js';
import { ProcessOutput } from './process-output.js';
import { type RunFile, readRunFile } from './run-files.js';
import { type Program, SupervisedProcess } from './supervised-process.js';
import { Watchdog } from './watchdog.js';

/** When, after the order to stop, a stage gives way to the next one and what is left of it is killed. */
interface StopStage {
  readonly includes: (name: string) => boolean;
  readonly nextAfterMs: number;
  readonly killAfterMs: number;
}

/**
 * The reverse of starting. The gateway ends before the apps it asks, so that requests already taken are answered;
 * it may use the time of the apps to finish. All of it fits into 10 s.
 */
const stopStages: readonly StopStage[] = [
  { includes: (name) => name === 'gateway', nextAfterMs: 3_000, killAfterMs: 7_000 },
  {
    includes: (name) => !['simulator', 'event-store', 'nats'].includes(name),
    nextAfterMs: 7_000,
    killAfterMs: 7_000,
  },
  { includes: (name) => name === 'simulator', nextAfterMs: 7_800, killAfterMs: 7_800 },
  { includes: (name) => name === 'event-store', nextAfterMs: 8_800, killAfterMs: 8_800 },
  { includes: () => true, nextAfterMs: 9_500, killAfterMs: 9_500 },
];

/** The processes of one installation. */
export class ProcessGroup {
  private readonly processes = new Map<string, SupervisedProcess>();
  private readonly record: ProcessRecord;
  private readonly watchdog = new Watchdog();

  constructor(
    private readonly data: DataDirectory,
    private readonly warn: (text: string) => void,
  ) {
    this.record = new ProcessRecord(data);
  }

  /** `announce` writes the run file of a program that does not do so itself, at every start. */
  start(program: Program, announce?: (pid: number) => Promise<void>): void {
    const output = new ProcessOutput(program.name, this.logPath(program.name), this.warn);
    const supervised = new SupervisedProcess(program, output, {
      started: (name, pid) => {
        this.record.started(name, pid);
        this.watchdog.started(name, pid);
        announce?.(pid).catch((error: Error) => output.note(`error: ${error.message}`));
      },
      ended: (name) => {
        this.data.remove(this.data.runFile(name));
        this.record.ended(name);
        this.watchdog.ended(name);
      },
    });
    this.data.remove(this.data.runFile(program.name));
    this.processes.set(program.name, supervised);
    supervised.start();
  }

  get names(): string[] {
    return [...this.processes.keys()];
  }

  restart(name: string): void {
    this.processes.get(name)?.restart();
  }

  pid(name: string): number | undefined {
    return this.processes.get(name)?.pid;
  }

  /** Undefined until the process that runs now has written it. */
  runFile(name: string): RunFile | undefined {
    return readRunFile(this.data, name, this.pid(name));
  }

  logPath(name: string): string {
    return this.data.in('log', `${name}.log`);
  }

  /** Ends all in the reverse order of starting, within 10 s. */
  async stop(): Promise<void> {
    const begin = Date.now();
    const left = new Set(this.processes.values());
    const ends: Promise<void>[] = [];
    for (const { includes, nextAfterMs, killAfterMs } of stopStages) {
      const remaining = (deadlineMs: number) => Math.max(0, deadlineMs - (Date.now() - begin));
      const members = [...left].filter(({ name }) => includes(name));
      for (const member of members) left.delete(member);
      const stage = Promise.all(members.map((member) => member.stop(remaining(killAfterMs)))).then(() => {});
      ends.push(stage);
      await atMost(remaining(nextAfterMs), stage);
    }
    await Promise.all(ends);
    this.watchdog.close();
  }
}

async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, timeUp]);
  clearTimeout(timer);
}

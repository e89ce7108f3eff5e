import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startStore } from './processes/store-process.js';
import { cpuSpent, type WatchedProcess } from './processes/watched-process.js';
import { type SystemOptions, startWholeSystem, type WholeSystem } from './processes/whole-system.js';
import { startWorker, type Worker } from './processes/worker.js';
import { profilingFlags, profilingVariables, record } from './profile/recording.js';
import { summaryOf } from './profile/summary.js';

type Stoppable = { stop(): Promise<unknown> };

export type BenchOptions = {
  quick: boolean;
  /** Where CPU profiles are left; undefined = none are made. */
  profiles: string | undefined;
  /** This scenario's own; removed afterwards. */
  folder: string;
  say(text: string): void;
};

/** What a scenario works with. All it starts through here is stopped when it is over, however it ends. */
export class Bench {
  readonly quick: boolean;
  readonly folder: string;
  readonly say: (text: string) => void;
  private readonly profiles: string | undefined;
  private readonly started: Stoppable[] = [];

  constructor({ quick, profiles, folder, say }: BenchOptions) {
    this.quick = quick;
    this.profiles = profiles;
    this.folder = folder;
    this.say = say;
  }

  /** A number for a whole run, and a smaller one for trying it out. */
  sized(whole: number, quick: number): number {
    return this.quick ? quick : whole;
  }

  ending<T extends Stoppable>(thing: T): T {
    this.started.push(thing);
    return thing;
  }

  async system(options: Partial<SystemOptions> = {}): Promise<WholeSystem> {
    const dataDir = options.dataDir ?? join(this.folder, 'data');
    const variables = { ...options.variables, ...this.profilingVariables() };
    return this.ending(await startWholeSystem({ ...options, dataDir, variables }));
  }

  async store(file: string) {
    return this.ending(await startStore(file, this.profilingVariables()));
  }

  /** A process that makes load, or a floor. */
  worker<Task, Result>(name: string, module: URL): Worker<Task, Result> {
    return this.ending(startWorker<Task, Result>(name, module));
  }

  /** A process whose work is what is measured. */
  subject<Task, Result>(name: string, module: URL): Worker<Task, Result> {
    if (this.profiles === undefined) return this.worker(name, module);
    process.env.BENCH_PROFILES = this.profiles;
    return this.ending(startWorker<Task, Result>(name, module, profilingFlags));
  }

  /** Does what is measured, and sees what it costs the processes. */
  async measure<T>(
    what: string,
    processes: readonly WatchedProcess[],
    work: () => Promise<T>,
  ): Promise<{ result: T; cpu: Record<string, number> }> {
    if (this.profiles === undefined) return cpuSpent(processes, work);
    const finish = await record(processes, this.profiles, what);
    const spent = await cpuSpent(processes, work);
    this.say(`\n${summaryOf(what, await finish())}\n`);
    return spent;
  }

  async stop(): Promise<void> {
    for (const thing of this.started.splice(0).reverse()) await thing.stop();
  }

  private profilingVariables(): Record<string, string> {
    if (this.profiles === undefined) return {};
    mkdirSync(this.profiles, { recursive: true });
    return profilingVariables(this.profiles);
  }
}

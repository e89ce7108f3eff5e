import type { Random } from '#libs/testing';
import { interruptRunners, started } from '../simulator/runner-in-process.js';
import { register } from '../simulator/src/runner/register.js';
import type { RunnerSettings } from '../simulator/src/runner/runner-settings.js';
import { unpackJitConfig } from '../simulator/src/runner/runner-settings.js';
import { killDemoRunners, startDemoRunner } from '../support/demo-runner.js';
import type { HandedOut, Witness } from './witness.js';

/** One in so many runs as a process of its own, which can be killed. */
const PROCESSES_ONE_IN = 8;
const TIMING = { conflict: { forMs: 10_000, everyMs: 200 }, renewEveryMs: 1000, backoffMs: 200 };
/** Whoever connects does so long before its time is over. */
const EARLY_MS = 20_000;

type Machine = { given: HandedOut; end: () => void; ended: Promise<unknown> };

/** The machines on which runners run. */
export class Machines {
  private readonly running = new Map<string, Machine>();

  constructor(
    private readonly random: Random,
    private readonly witness: Witness,
  ) {}

  get count(): number {
    return this.running.size;
  }

  /** Connects and waits for a job, unless its time is almost over. */
  start(given: HandedOut, jitConfig: string): void {
    if (given.expiresAt - Date.now() < EARLY_MS) return;
    if (this.random.below(PROCESSES_ONE_IN) === 0) this.runApart(given, jitConfig);
    else this.run(given, unpackJitConfig(jitConfig));
  }

  /** What `config.sh` and `run.sh` do. */
  async register(given: HandedOut, url: string, token: string, ephemeral: boolean): Promise<void> {
    const { runnerName: name, labels } = given;
    const settings = await register({ url, token, name, labels: [...labels], ephemeral });
    this.witness.give({ ...given, githubRunnerId: settings.id });
    this.run(given, settings);
  }

  any(): HandedOut | undefined {
    return this.random.oneOf([...this.running.values()])?.given;
  }

  /** Ends one: in order, or with a kill where it is a process. */
  endOne(): void {
    const [id, machine] = this.random.oneOf([...this.running]) ?? [];
    if (id === undefined) return;
    this.running.delete(id);
    machine?.end();
    this.witness.count('runner ended by hand');
  }

  async endAll(): Promise<void> {
    interruptRunners();
    killDemoRunners();
    await Promise.allSettled([...this.running.values()].map(({ ended }) => ended));
  }

  private runApart(given: HandedOut, jitConfig: string): void {
    const { ended, kill } = startDemoRunner(jitConfig);
    const end = () => {
      kill('SIGKILL');
      this.witness.count('runner killed');
    };
    this.remember({ given, end, ended });
  }

  private run(given: HandedOut, settings: RunnerSettings): void {
    const { interrupt, ended } = started(settings, TIMING);
    this.remember({ given, end: interrupt, ended });
  }

  private remember(machine: Machine): void {
    const { runnerId } = machine.given;
    this.running.set(runnerId, machine);
    const forget = () => {
      this.running.delete(runnerId);
    };
    machine.ended.then(forget, forget);
  }
}

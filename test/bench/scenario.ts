import type { Bench } from './bench.js';
import type { CpuCost } from './cpu-cost.js';
import type { Figure } from './figure.js';

export type Outcome = {
  figures: readonly Figure[];
  costs?: readonly CpuCost[];
  /** Sentences a reader needs to judge the figures. */
  notes?: readonly string[];
};

/** One thing that is measured, on a system of its own. */
export type Scenario = {
  /** As it is chosen on the command line. */
  name: string;
  title: string;
  /** It is given up after this long: something hangs. */
  withinSeconds: number;
  run(bench: Bench): Promise<Outcome>;
};

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Arguments } from './arguments.js';
import { Bench } from './bench.js';
import { lineOf as costLine } from './cpu-cost.js';
import { type Figure, holds, ratioOf } from './figure.js';
import { ROOT } from './processes/whole-system.js';
import { describeMachine, lineOf } from './report/machine.js';
import { tableOf } from './report/table.js';
import type { Outcome, Scenario } from './scenario.js';

type Ran = { scenario: string; title: string; seconds: number } & (Outcome | { broken: string });

const say = (text: string) => {
  process.stdout.write(`${text}\n`);
};

/**
 * Runs scenarios one after the other, shows each one's table as soon as it is there, and writes all of it as JSON.
 * A limit that is missed is shown; only what broke is a failure.
 * @returns whether everything could be measured, and whether no limit was missed
 */
export const runScenarios = async (
  all: readonly Scenario[],
  { chosen, quick, profile, json }: Arguments,
  stopped: AbortSignal,
): Promise<{ complete: boolean; limitsHold: boolean }> => {
  const startedAt = new Date();
  const machine = describeMachine(ROOT);
  const name = startedAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
  const profiles = profile ? join(ROOT, 'data/bench', `${name}-profiles`) : undefined;
  say(lineOf(machine));
  if (machine.loadBefore > 0.5)
    say('Somebody else is using this machine: look at the ratios, and measure again.');
  if (profile) say('Profiling slows down what it looks at: the figures of this run are not to be quoted.');

  const ran: Ran[] = [];
  for (const scenario of all.filter((one) => chosen.length === 0 || chosen.includes(one.name))) {
    if (stopped.aborted) break;
    ran.push(await runOne(scenario, { quick, profiles }, stopped));
  }

  const file = json === undefined ? join(ROOT, 'data/bench', `${name}.json`) : resolve(json);
  mkdirSync(dirname(file), { recursive: true });
  const report = { startedAt, machine, quick, profiled: profile, scenarios: ran.map(forMachines) };
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  say(`\n${closing(ran)}\nFigures for machines: ${file}`);
  if (profiles) say(`CPU profiles (open with a browser's developer tools): ${profiles}`);
  return {
    complete: !stopped.aborted && ran.every((one) => !('broken' in one)),
    limitsHold: ran.every((one) => !('figures' in one) || one.figures.every((each) => holds(each) !== false)),
  };
};

const runOne = async (
  scenario: Scenario,
  { quick, profiles }: { quick: boolean; profiles: string | undefined },
  stopped: AbortSignal,
): Promise<Ran> => {
  const folder = mkdtempSync(join(tmpdir(), `rts-bench-${scenario.name}-`));
  const bench = new Bench({ quick, profiles, folder, say });
  const startedAt = performance.now();
  const about = { scenario: scenario.name, title: scenario.title };
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  say(`\n${scenario.name}: ${scenario.title}`);
  try {
    const outcome = await orGiveUp(scenario.run(bench), scenario.withinSeconds, stopped);
    say(textOf(outcome));
    return { ...about, seconds: seconds(), ...outcome };
  } catch (error) {
    const broken = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`BROKEN: ${broken}`);
    return { ...about, seconds: seconds(), broken };
  } finally {
    await bench.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const orGiveUp = async <T>(work: Promise<T>, withinSeconds: number, stopped: AbortSignal): Promise<T> => {
  const patience = AbortSignal.any([stopped, AbortSignal.timeout(withinSeconds * 1000)]);
  const givenUp = new Promise<never>((_, reject) => {
    const give = () =>
      reject(new Error(stopped.aborted ? 'interrupted' : `not done after ${withinSeconds} s`));
    if (patience.aborted) give();
    else patience.addEventListener('abort', give, { once: true });
  });
  return Promise.race([work, givenUp]);
};

const textOf = ({ figures, costs = [], notes = [] }: Outcome): string => {
  const floors = [...new Set(figures.flatMap(({ floor }) => floor?.what ?? []))];
  return [
    tableOf(figures),
    ...costs.map(costLine),
    ...(floors.length > 0 ? [`floor: ${floors.join('; ')}`] : []),
    ...notes,
  ].join('\n');
};

const closing = (ran: readonly Ran[]): string => {
  const figures = ran.flatMap((one) =>
    'figures' in one ? one.figures.map((figure) => ({ one, figure })) : [],
  );
  const demanded = figures.filter(({ figure }) => holds(figure) !== undefined);
  const missed = demanded.filter(({ figure }) => holds(figure) === false);
  const broken = ran.filter((one) => 'broken' in one);
  return [
    `${demanded.length - missed.length} of ${demanded.length} limits hold.`,
    ...missed.map(({ one, figure }) => `MISSED ${one.scenario}: ${figure.what}`),
    ...broken.map(({ scenario }) => `BROKEN ${scenario}`),
  ].join('\n');
};

const forMachines = (one: Ran) =>
  'figures' in one ? { ...one, figures: one.figures.map(withVerdict) } : one;

const withVerdict = (figure: Figure) => ({ ...figure, timesFloor: ratioOf(figure), holds: holds(figure) });

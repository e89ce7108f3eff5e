import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '#libs/testing';
import { startSystem, until } from '../support/system.js';
import { deedsOf } from './deeds.js';
import { afflict, calm, kill } from './faults.js';
import { githubSide } from './github-side.js';
import { injected } from './injected.js';
import { LogReader } from './log-reader.js';
import { Machines } from './machines.js';
import { differences } from './settled.js';
import { createTenants } from './tenants.js';
import { toldBy } from './told.js';
import { lineOf, type Verdict, verdictOn } from './verdict.js';
import { Witness } from './witness.js';

export type Chaos = { seed: number; seconds: number };
export type Outcome = { verdict: Verdict; unsettled: string[]; report: string[] };

const MOST_AT_ONCE = 16;
/** It takes some seconds, or as long as GitHub was silent last; this is for machines that are very busy. */
const SETTLED_WITHIN_MS = 240_000;

/** What polling finds out, it finds out soon. */
const VARIABLES = {
  SYNC_INTERVAL_SECONDS: '2',
  SYNC_PENDING_INTERVAL_SECONDS: '1',
  JIT_CONFIG_TTL_SECONDS: '45',
  DELIVERY_CHECK_INTERVAL_SECONDS: '5',
};

/** Everything at once for so long; then all is calm, and nothing may be missing, left over or there twice. */
export const runChaos = async ({ seed, seconds }: Chaos): Promise<Outcome> => {
  const system = await startSystem(VARIABLES);
  const random = randomOf(seed);
  const witness = new Witness();
  const machines = new Machines(random, witness);
  try {
    const tenants = await createTenants(system);
    const world = { system, random, tenants, machines, witness };
    await rage(world, seconds);
    await calm(system);
    const outcome = await settle(world);
    return { ...outcome, report: [`seed ${seed}, ${seconds} s`, ...outcome.report, lineOf(outcome.verdict)] };
  } finally {
    await machines.endAll();
    await system.stop();
  }
};

type World = Parameters<typeof deedsOf>[0];

const rage = async (world: World, seconds: number): Promise<void> => {
  const over = AbortSignal.timeout(seconds * 1000);
  const deeds = deedsOf(world);
  const underWay = new Set<Promise<unknown>>();
  const act = async () => {
    while (!over.aborted) {
      const deed = world.random.oneOf(deeds);
      if (deed && underWay.size < MOST_AT_ONCE) {
        // whatever a crash does to it: the end is what counts
        const doing = deed()
          .catch(() => undefined)
          .finally(() => underWay.delete(doing));
        underWay.add(doing);
      }
      await sleep(50 + world.random.below(200));
    }
  };
  await Promise.all([act(), afflict(world, over), kill(world, over)]);
  await Promise.all(underWay);
};

const settle = async ({ system, witness }: World): Promise<Outcome> => {
  const beganAt = performance.now();
  const github = githubSide(system);
  const log = new LogReader(system);
  let unsettled: string[] = [];
  let verdict: Verdict | undefined;
  const look = async () => {
    const before = await github.state();
    const attempts = await github.attempts();
    // what was acknowledged before is in the log now
    await log.readOn();
    verdict = verdictOn({
      witness,
      told: toldBy(log.facts),
      atGithub: before.runners,
      attempts,
      deletions: github.records().flatMap((each) => ('deleted' in each ? [each.deleted] : [])),
    });
    const { lost, doubled, orphaned } = verdict;
    unsettled = [
      ...(before.job_counts.in_progress > 0 ? ['jobs are running'] : []),
      ...(await differences(system, before.runners, witness)),
      ...[...lost, ...doubled, ...orphaned],
    ];
    return unsettled.length === 0 ? true : undefined;
  };
  try {
    const patience = { withinMs: SETTLED_WITHIN_MS, everyMs: 1000 };
    await until('all is settled', look, patience).catch((error) => {
      if (verdict === undefined) throw error;
    });
    if (verdict === undefined) throw new Error('there was nothing to judge');
    const restAfter = `at rest after ${Math.round((performance.now() - beganAt) / 1000)} s`;
    return {
      verdict,
      unsettled,
      report: [
        restAfter,
        ...injected(witness, await github.attempts(), github.records(), await github.state()),
      ],
    };
  } finally {
    await log.close();
  }
};

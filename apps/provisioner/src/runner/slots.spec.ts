import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { streams } from '#libs/contracts';
import { inMemoryEventStore, load } from '#libs/event-store';
import { FakeGithub, refusals } from '#libs/github';
import { type Random, randomOf } from '#libs/testing';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import type { CapacityHolder } from '../capacity/capacity-holder.js';
import { dyingStore } from '../testing/dying-store.js';
import { minutesLater } from '../testing/minutes-later.js';
import { ALICE, provisionerReplica, TEAM } from '../testing/provisioner.js';
import { runnerDecider } from './runner.decider.js';
import { AT, JOB } from './runner.examples.js';
import { hasEnded, isKnown } from './runner.state.js';

const LIMIT = 3;
const STEPS = 40;
const SEEDS = Array.from({ length: 25 }, (_, index) => 4_711 + index);
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `gpu-${letter}`);

type Who = Pick<NonNullable<Parameters<typeof provisionerReplica>[0]>, 'principal' | 'policy'>;
const ofTeam = {
  who: { principal: { ...ALICE, teams: [{ ...TEAM, maxRunners: LIMIT }] } },
  holder: { kind: 'team', id: TEAM.id },
} as const;
const ofUser = {
  who: { principal: { ...ALICE, teams: [] }, policy: { patterns: ['gpu'], maxRunners: LIMIT } },
  holder: { kind: 'user', id: ALICE.userId },
} as const;

/** A small world: a log, GitHub, two replicas that live and others that die, and what has been asked for. */
const worldOf = (who: Who, holder: CapacityHolder, random: Random) => {
  const store = inMemoryEventStore();
  const github = new FakeGithub();
  const replicas = [1, 2].map(() => provisionerReplica({ store, github, ...who }));
  const asked = new Map<string, string>();
  let jobs = 0;

  const anyReplica = () => random.oneOf(replicas) ?? provisionerReplica({ store, github, ...who });
  const dying = () => {
    const death = { appends: 1 + random.below(5), afterTheLast: random.below(2) === 0 };
    return provisionerReplica({ store: dyingStore(store, death), github, ...who });
  };
  const anyRunner = () => random.oneOf([...asked.keys()]) ?? randomUUID();
  const provision = (replica = anyReplica()) => {
    const runnerId = randomUUID();
    const runnerName = random.oneOf(NAMES) ?? 'gpu';
    asked.set(runnerId, runnerName);
    return replica.provision({ runnerId, runnerName });
  };
  const stateOf = async (runnerId: string) =>
    (await load(store, runnerDecider, streams.runner(runnerId))).state;
  const githubIdOf = async (runnerId: string) => {
    const state = await stateOf(runnerId);
    return 'githubRunnerId' in state ? state.githubRunnerId : undefined;
  };
  const look = async (status: 'online' | 'offline', busy: boolean) => {
    const runnerId = anyRunner();
    const githubRunnerId = await githubIdOf(runnerId);
    if (githubRunnerId === undefined) return;
    const runner = await github.getRunner(githubRunnerId);
    if (runner === 'absent') return anyReplica().observe(runnerId, { status: 'absent' });
    github.changeRunner(githubRunnerId, { status, busy });
    return anyReplica().observe(runnerId, { status, busy, githubRunnerId, labels: [...runner.labels] });
  };
  const job = (stage: 'in_progress' | 'completed', replica = anyReplica()) => {
    jobs += 1;
    const report = { job: { ...JOB, jobId: jobs }, queuedAt: AT.requested, startedAt: AT.started };
    return replica.recordWorkflowJob({
      ...report,
      runnerId: anyRunner(),
      stage,
      conclusion: stage === 'completed' ? 'success' : null,
      causationId: randomUUID(),
    });
  };
  const settle = (runnerId: string) => {
    const runnerName = asked.get(runnerId);
    const team = holder.kind === 'team' ? { teamId: holder.id } : {};
    return anyReplica().settle(runnerId, { ...(runnerName ? { runnerName } : {}), ...team });
  };

  const steps: (() => Promise<unknown>)[] = [
    () => provision(),
    () => Promise.allSettled([provision(), provision(), provision(), provision()]),
    () => {
      github.refuseNext('generateJitConfig', refusals.runnerGroupUnknown(1));
      return provision();
    },
    () => {
      github.loseAnswerOfNext('generateJitConfig', refusals.timeout(30, { uncertain: true }));
      return provision();
    },
    () => provision(dying()),
    () => provision(dying()),
    () => look('online', false),
    () => look('online', true),
    () => look('offline', false),
    () => job('in_progress'),
    () => job('completed'),
    () => job('completed', dying()),
    () => anyReplica().deprovision(anyRunner()),
    () => dying().deprovision(anyRunner()),
    () => {
      github.refuseNext('deleteRunner', refusals.unavailable({ status: 502 }));
      return anyReplica().deprovision(anyRunner());
    },
    () => anyReplica().abandon(anyRunner()),
    () => settle(anyRunner()),
    () => minutesLater(1, () => settle(anyRunner())),
  ];

  return {
    step: async () => {
      await random
        .oneOf(steps)?.()
        .catch(() => undefined);
    },
    /** What sync does in the end, however long GitHub and the crashes kept it from it. */
    settleAll: () =>
      minutesLater(1, async () => {
        for (const runnerId of asked.keys()) {
          for (let tries = 0; tries <= STEPS; tries++) {
            const isDone = await settle(runnerId).then(
              () => true,
              () => false,
            );
            if (isDone) break;
          }
        }
      }),
    live: async () => {
      const living: string[] = [];
      for (const runnerId of asked.keys()) {
        const state = await stateOf(runnerId);
        if (isKnown(state) && !hasEnded(state)) living.push(runnerId);
      }
      return living.sort();
    },
    slots: async () => [...(await new CapacityDesk(store).look(holder, undefined)).runnerIds].sort(),
    provision,
  };
};

describe.each([
  ['a team', ofTeam],
  ['a user', ofUser],
])('slots of %s, whatever happens', (_, { who, holder }) => {
  it.each(SEEDS)(
    'are never more than the limit, and those of live runners in the end (seed %i)',
    async (seed) => {
      const world = worldOf(who, holder, randomOf(seed));
      for (let count = 0; count < STEPS; count++) {
        await world.step();
        const [slots, live] = [await world.slots(), await world.live()];
        expect(slots.length).toBeLessThanOrEqual(LIMIT);
        expect(slots).toEqual(expect.arrayContaining(live));
      }
      await world.settleAll();
      expect(await world.slots()).toEqual(await world.live());
    },
  );

  it('leave room for new runners in all of these worlds together', async () => {
    const left: number[] = [];
    for (const seed of SEEDS.slice(0, 5)) {
      const world = worldOf(who, holder, randomOf(seed));
      for (let count = 0; count < STEPS; count++) await world.step();
      left.push((await world.live()).length);
    }
    // a world in which nothing ever lived would prove nothing
    expect(Math.max(...left)).toBeGreaterThan(0);
  });
});

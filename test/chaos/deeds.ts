import { randomUUID } from 'node:crypto';
import type { Random } from '#libs/testing';
import { unpackJitConfig } from '../simulator/src/runner/runner-settings.js';
import type { Answer, System } from '../support/system.js';
import type { Machines } from './machines.js';
import type { Tenant } from './tenants.js';
import type { HandedOut, Witness } from './witness.js';

export type World = {
  system: System;
  random: Random;
  tenants: readonly Tenant[];
  machines: Machines;
  witness: Witness;
};
export type Deed = () => Promise<unknown>;

type JitAnswer = {
  runner_id: string;
  runner_name: string;
  labels: string[];
  expires_at: string;
  encoded_jit_config: string;
};
type TokenAnswer = Omit<JitAnswer, 'encoded_jit_config'> & { github_url: string; registration_token: string };

const MOST_MACHINES = 24;
const NAMES = Array.from({ length: 12 }, (_, index) => `again-${index}`);

/** What people, pipelines and jobs do all day, in the proportions in which one of these is drawn. */
export const deedsOf = (world: World): Deed[] => {
  const { provision, provisionTwice, hangUp, register } = provisioningOf(world);
  const { remove, refresh } = ownersOf(world);
  const { job, cancelJob, relabel, recase, removeAtGithub, foreignRunner } = githubOf(world);
  const end = async () => world.machines.endOne();
  const drawn: [number, Deed][] = [
    [12, provision],
    [3, provisionTwice],
    [2, hangUp],
    [3, register],
    [14, job],
    [1, cancelJob],
    [5, remove],
    [2, refresh],
    [1, relabel],
    [1, recase],
    [1, removeAtGithub],
    [1, end],
    [1, foreignRunner],
  ];
  return drawn.flatMap(([times, deed]) => Array.from({ length: times }, () => deed));
};

const provisioningOf = ({ system, random, tenants, machines, witness }: World) => {
  const anybody = () => random.oneOf(tenants)?.token;
  /** Most names are new; a few are used again and again. */
  const naming = () =>
    random.below(4) === 0 ? { runner_name: random.oneOf(NAMES) } : { runner_name_prefix: 'chaos' };
  const order = () => ({ ...naming(), labels: ['gpu', `only-${random.below(1_000_000)}`] });
  const ask = async (body: object, options: { token?: string | undefined; key?: string } = {}) => {
    const { token = anybody(), key } = options;
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const answer = await system.call<JitAnswer>('POST', '/api/v1/runners/jit', { body, token, headers });
    witness.count(`provision answered ${answer.status}`);
    return answer;
  };
  const take = ({ status, body }: Answer<JitAnswer>): HandedOut | undefined => {
    if (status !== 201) return undefined;
    const given = {
      runnerId: body.runner_id,
      runnerName: body.runner_name,
      labels: body.labels,
      method: 'jit',
      expiresAt: Date.parse(body.expires_at),
      githubRunnerId: unpackJitConfig(body.encoded_jit_config).id,
    } as const;
    witness.give(given);
    return given;
  };
  const takeAndRun = (answer: Answer<JitAnswer>) => {
    const given = take(answer);
    const wanted = machines.count < MOST_MACHINES && random.below(4) > 0;
    if (given && wanted) machines.start(given, answer.body.encoded_jit_config);
  };

  return {
    provision: async () => takeAndRun(await ask(order())),
    /** The same request again, at once or because the first was not answered: one runner. */
    provisionTwice: async () => {
      const [token, key, body] = [anybody(), randomUUID(), order()];
      const tries = [1, 2, 3].map(() => ask(body, { token, key }).catch(() => undefined));
      const answers = (await Promise.all(tries)).flatMap((answer) =>
        answer?.status === 201 || answer?.status === 200 ? [answer] : [],
      );
      const ids = new Set(answers.map((answer) => answer.body.runner_id));
      if (ids.size > 1) witness.contradictions.push(`one key, several runners: ${[...ids].join(', ')}`);
      const [first] = answers;
      if (first) takeAndRun(first);
    },
    hangUp: async () => {
      const signal = AbortSignal.timeout(1 + random.below(80));
      const request = { body: order(), token: anybody(), signal };
      const answer = await system
        .call<JitAnswer>('POST', '/api/v1/runners/jit', request)
        .catch(() => undefined);
      if (answer) takeAndRun(answer);
      else witness.count('caller hung up');
    },
    register: async () => {
      const ephemeral = random.below(2) === 0;
      const { runner_name = `token-${randomUUID().slice(0, 8)}` } = naming();
      const request = { body: { runner_name, labels: [`only-${runner_name}`], ephemeral }, token: anybody() };
      const { status, body } = await system.call<TokenAnswer>('POST', '/api/v1/runners/provision', request);
      witness.count(`registration token answered ${status}`);
      if (status !== 201) return;
      const given = {
        runnerId: body.runner_id,
        runnerName: body.runner_name,
        labels: body.labels,
        method: 'registration_token',
        expiresAt: Date.parse(body.expires_at),
        githubRunnerId: undefined,
      } as const;
      witness.give(given);
      if (random.below(4) > 0)
        await machines.register(given, body.github_url, body.registration_token, ephemeral);
    },
  };
};

const ownersOf = ({ system, random, witness }: World) => {
  const token = system.development.admin_token;
  const anyRunner = () => random.oneOf([...witness.handedOut.keys()].slice(-40));
  return {
    remove: async () => {
      const runnerId = anyRunner();
      if (runnerId === undefined) return;
      witness.unwanted.add(runnerId);
      const { status } = await system.call('DELETE', `/api/v1/runners/${runnerId}`, { token });
      witness.count(`deletion answered ${status}`);
    },
    refresh: async () => {
      const runnerId = anyRunner();
      if (runnerId !== undefined) await system.call('POST', `/api/v1/runners/${runnerId}/refresh`, { token });
    },
  };
};

const githubOf = ({ system, random, machines, witness }: World) => {
  let foreign = 0;
  const jobs: number[] = [];
  const anyKnown = () =>
    random.oneOf(
      [...witness.handedOut.values()].slice(-30).flatMap(({ githubRunnerId }) => githubRunnerId ?? []),
    );
  const labelsOf = async (id: number) => {
    type Labelled = { labels: { name: string }[] };
    return (await system.simulator<Labelled>('GET', `/runners/${id}`)).labels.map(({ name }) => name);
  };
  return {
    job: async () => {
      const wanted = machines.any();
      if (!wanted) return;
      const order = {
        labels: wanted.labels,
        duration_ms: random.oneOf([100, 500, 1500, 3000, 8000]),
        conclusion: random.oneOf(['success', 'success', 'failure'] as const),
      };
      const { id } = await system.simulator<{ id: number }>('POST', '/jobs', order);
      jobs.push(id);
      witness.count('job queued');
    },
    cancelJob: async () => {
      const id = random.oneOf(jobs.slice(-10));
      if (id === undefined) return;
      await system.simulator('POST', `/jobs/${id}/cancel`);
      witness.count('job cancelled');
    },
    relabel: async () => {
      const id = anyKnown();
      if (id === undefined) return;
      const labels = await labelsOf(id);
      witness.relabelled.add(id);
      await system.simulator('PATCH', `/runners/${id}`, { labels: [...labels.slice(0, -1), 'by-hand'] });
      witness.count('labels edited by hand');
    },
    /** GitHub's labels know no case: nothing has changed. */
    recase: async () => {
      const id = anyKnown();
      if (id === undefined) return;
      const labels = await labelsOf(id);
      await system.simulator('PATCH', `/runners/${id}`, { labels: labels.map((name) => name.toUpperCase()) });
      witness.count('labels written in capitals');
    },
    removeAtGithub: async () => {
      const id = anyKnown();
      if (id === undefined) return;
      await system.simulator('DELETE', `/runners/${id}`);
      witness.count('runner removed by hand');
    },
    foreignRunner: async () => {
      foreign += 1;
      const order = {
        name_prefix: `foreign-${foreign}`,
        labels: ['self-hosted', 'linux', 'x64', 'elsewhere'],
      };
      const { runners } = await system.simulator<{ runners: { id: number }[] }>('POST', '/runners', order);
      for (const { id } of runners) witness.foreign.add(id);
      witness.count('foreign runner registered');
    },
  };
};

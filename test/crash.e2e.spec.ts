import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem, until } from './support/system.js';

const PROCESSES = [
  'gateway',
  'provisioner',
  'sync',
  'audit',
  'dashboard',
  'event-store',
  'nats',
  'simulator',
];
const PROVISIONS = 50;
/** The promise: within this time after the crash both sides list the same. */
const CONVERGED_WITHIN_MS = 90_000;

type Shown = { timeline: { type: string }[] };
type Listed = { runners: { runner_id: string; runner_name: string }[]; total: number };

let system: System;
const answered: string[] = [];
const abandonedNames: string[] = [];

beforeAll(async () => {
  system = await startSystem();
  await system.simulator('PATCH', '/switches', { latency_ms: 100 });
});
afterAll(() => system?.stop());

/** Remembers every 201; whatever else came of it is the crash's doing. */
const provision = async (name: string) => {
  const outcome = await system
    .call('POST', '/api/v1/runners/jit', { body: { runner_name: name } })
    .catch(() => undefined);
  if (outcome?.status === 201) answered.push(outcome.body.runner_id as string);
  else abandonedNames.push(name);
};

const namesInService = async () => {
  const { status, body } = await system.call<Listed>('GET', '/api/v1/runners?limit=1000');
  return status === 200 ? body.runners.map(({ runner_name }) => runner_name).sort() : undefined;
};

const namesAtGithub = async () => {
  const { runners } = await system.simulator<{ runners: { name: string }[] }>('GET', '/state');
  return runners.map(({ name }) => name).sort();
};

describe('kill -9 of one process after the other, each during 50 provisions', () => {
  it.each(PROCESSES)(
    '%s comes back by itself',
    async (app) => {
      const { pid } = system.runFile(app);
      const provisions = Array.from({ length: PROVISIONS }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 10));
        await provision(`${app}-${index}`);
      });
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 200));
      process.kill(pid, 'SIGKILL');
      await Promise.all(provisions);
      await until(
        'another process has taken its place',
        async () => (system.runFile(app).pid === pid ? undefined : true),
        { withinMs: 60_000 },
      );
      await until(
        'the system is ready again',
        async () => {
          const { status } = await fetch(`${system.url}/health/ready`);
          return status === 200 ? true : undefined;
        },
        { withinMs: 60_000 },
      );
    },
    180_000,
  );

  it('every 201 that was answered is in the log', async () => {
    expect(answered.length).toBeGreaterThan(PROVISIONS);
    for (const runnerId of answered) {
      await until(`the runner ${runnerId} and its timeline are shown`, async () => {
        const { status, body } = await system.call<Shown>('GET', `/api/v1/runners/${runnerId}`);
        return status === 200 && body.timeline[0]?.type === 'provision_jit' ? true : undefined;
      });
    }
  }, 180_000);

  it(
    'the service lists what GitHub lists',
    async () => {
      await until(
        'both lists are the same',
        async () => {
          const [ours, theirs] = [await namesInService(), await namesAtGithub()];
          return ours && JSON.stringify(ours) === JSON.stringify(theirs) ? true : undefined;
        },
        { withinMs: CONVERGED_WITHIN_MS },
      );
    },
    CONVERGED_WITHIN_MS + 10_000,
  );

  it(
    'no name is left behind: each one that was not handed out can be had now',
    async () => {
      for (const name of abandonedNames) {
        const { status, body } = await until(
          `the name ${name} is free, or its runner is listed`,
          async () => {
            const outcome = await system.call('POST', '/api/v1/runners/jit', { body: { runner_name: name } });
            if (outcome.status === 201) return outcome;
            const listed = await system.call('GET', `/api/v1/runners/${name}`);
            return listed.body.state === 'pending' ? outcome : undefined;
          },
          { withinMs: CONVERGED_WITHIN_MS },
        );
        expect([201, 409]).toContain(status);
        expect(body).toBeDefined();
      }
    },
    CONVERGED_WITHIN_MS + 60_000,
  );
});

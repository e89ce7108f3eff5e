import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startReplica } from './support/replica.js';
import { type System, startSystem, until } from './support/system.js';

type Result = { updated: number; deleted: number; unchanged: number; errors: number; total: number };
type Triggered = { cycle_id: string; result?: Result; code?: string };
type Status = {
  polling_enabled: boolean;
  webhooks_enabled: boolean;
  leader?: { observer: string; term: number };
  last_cycle?: { cycle_id: string; success: boolean; result?: Result; error?: { code: string } };
  next_run_at?: string;
  unmanaged_total?: number;
  unmanaged_runners?: { name: string }[];
  github_rate_limit?: { limit: number; remaining: number };
};
type Records = { logs: { event_data: { cycle_id?: string }; user_identity: string; success: boolean }[] };

let system: System;
beforeAll(async () => {
  // nothing is looked at by itself unless a leader begins
  system = await startSystem({ SYNC_INTERVAL_SECONDS: '3600', SYNC_PENDING_INTERVAL_SECONDS: '1' });
}, 120_000);
afterAll(() => system?.stop(), 30_000);

const asAdmin = async <Body>(method: string, path: string) => {
  const token = system.development.admin_token;
  const { status, body } = await system.call<Body>(method, `/api/v1/admin/sync/${path}`, { token });
  return { status, body };
};
const statusNow = async () => (await asAdmin<Status>('GET', 'status')).body;
const cycleRecord = (cycleId: string | undefined) =>
  until('the cycle is an audit record', async () => {
    const { body } = await system.call<Records>('GET', '/api/v1/audit-logs?event_type=sync_cycle', {
      token: system.development.admin_token,
    });
    return body.logs.find(({ event_data }) => event_data.cycle_id === cycleId);
  });

describe('a cycle on demand', () => {
  it('looks at all runners now, and is recorded in the name of who asked', async () => {
    const { body: provisioned } = await system.call<{ runner_name: string }>('POST', '/api/v1/runners/jit', {
      body: { runner_name_prefix: 'polled' },
    });
    const { status, body } = await asAdmin<Triggered>('POST', 'trigger?wait=true');
    expect({ status, body }).toMatchObject({ status: 200, body: { result: { errors: 0, total: 1 } } });
    expect(provisioned.runner_name).toContain('polled');
    expect(await cycleRecord(body.cycle_id)).toMatchObject({
      success: true,
      user_identity: `${system.development.issuer}|admin`,
    });
    expect(await statusNow()).toMatchObject({
      polling_enabled: true,
      webhooks_enabled: true,
      last_cycle: { cycle_id: body.cycle_id, success: true, result: body.result },
      next_run_at: expect.any(String),
      github_rate_limit: { limit: expect.any(Number), remaining: expect.any(Number) },
    });
  });

  it('need not be waited for', async () => {
    const { status, body } = await asAdmin<Triggered>('POST', 'trigger');
    expect({ status, body }).toEqual({ status: 202, body: { cycle_id: expect.any(String) } });
    await until('the cycle is the last one', async () =>
      (await statusNow()).last_cycle?.cycle_id === body.cycle_id ? true : undefined,
    );
  });

  it('answers the problem it failed with, and changes nothing', async () => {
    await system.simulator('PATCH', '/switches', {
      failures: [{ operation: 'actions/list-self-hosted-runners-for-org', status: 502, next: 1 }],
    });
    const { status, body } = await asAdmin<Triggered>('POST', 'trigger?wait=true');
    expect([status, body.code]).toEqual([503, 'github-unavailable']);
    const { last_cycle } = await statusNow();
    expect(last_cycle).toMatchObject({ success: false, error: { code: 'github-unavailable' } });
    expect(await cycleRecord(last_cycle?.cycle_id)).toMatchObject({ success: false });
  });

  it('is for administrators', async () => {
    for (const [method, path] of [
      ['GET', 'status'],
      ['POST', 'trigger'],
    ] as const) {
      const { status, body } = await system.call(method, `/api/v1/admin/sync/${path}`);
      expect([status, body.code]).toEqual([403, 'admin-required']);
    }
  });
});

describe('a runner that was registered behind the service’s back', () => {
  type Events = { events: { violation_data: { runners: { name: string }[] } }[]; total: number };
  const reported = async () => {
    const path = '/api/v1/admin/security-events?event_type=unmanaged_runner';
    const { body } = await system.call<Events>('GET', path, { token: system.development.admin_token });
    return body.events.flatMap(({ violation_data }) => violation_data.runners.map(({ name }) => name));
  };

  it('is reported once and listed as long as it is there', async () => {
    await system.simulator('POST', '/runners', { count: 3, name_prefix: 'desk', status: 'online' });
    for (const _ of [1, 2]) {
      const { body } = await asAdmin<Triggered>('POST', 'trigger?wait=true');
      expect(body.result).toMatchObject({ unmanaged: 3, total: 1 });
    }
    const { unmanaged_total, unmanaged_runners } = await statusNow();
    const names = unmanaged_runners?.map(({ name }) => name) ?? [];
    expect([unmanaged_total, names.length]).toEqual([3, 3]);
    await until('they are security events', async () => ((await reported()).length > 0 ? true : undefined));
    expect((await reported()).sort()).toEqual(names.sort());
  });
});

describe('of two replicas', () => {
  const heldBy = async (app: string) => {
    const { internal_url, pid } = system.runFile(app);
    const metrics = await (await fetch(`${internal_url}/metrics`)).text();
    return { pid, held: metrics.includes('rts_sync_lease_held 1') };
  };
  const listings = async () => {
    type State = { calls: Record<string, { total: number }> };
    const { calls } = await system.simulator<State>('GET', '/state');
    return calls['actions/list-self-hosted-runners-for-org']?.total ?? 0;
  };

  it('another polls within 10 seconds when the one that does is killed', async () => {
    const replica = await startReplica(system, 'sync');
    try {
      const { leader } = await statusNow();
      const first = await heldBy('sync');
      expect(first.held).toBe(true);
      const before = await listings();
      const killedAt = performance.now();
      process.kill(first.pid, 'SIGKILL');
      // whoever begins to lead looks at all runners at once
      await until('GitHub is looked at again', async () => ((await listings()) > before ? true : undefined));
      const seconds = (performance.now() - killedAt) / 1000;
      expect(seconds).toBeLessThan(10);
      const taken = await statusNow();
      expect(taken.leader?.observer).not.toBe(leader?.observer);
      expect(taken.leader?.term).toBe((leader?.term ?? 0) + 1);
    } finally {
      await replica.stop();
    }
  }, 60_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Replica, startReplica } from '../support/replica.js';
import { until } from '../support/system.js';
import {
  call,
  done,
  emailOf,
  knownEverywhere,
  mintPerson,
  newTeam,
  outcomeOf,
  provision,
  system,
  unique,
} from './tenants.js';

type Connections = { connections: { cid: number; authorized_user?: string; out_msgs: number }[] };
type Slots = { policies: { quota: { limit: number; in_use: number } }[] };

const tally = (outcomes: readonly string[]) =>
  Object.fromEntries(
    [...new Set(outcomes)].map((outcome) => [outcome, outcomes.filter((each) => each === outcome).length]),
  );

/** How many messages the bus has handed to each process of the provisioner. */
const messagesOfEach = async (): Promise<Map<number, number>> => {
  const url = `${system().runFile('nats').internal_url}/connz?auth=true`;
  const { connections } = (await (await fetch(url)).json()) as Connections;
  const provisioners = connections.filter(({ authorized_user: user }) => user === 'provisioner');
  return new Map(provisioners.map(({ cid, out_msgs }) => [cid, out_msgs]));
};

/** Log position up to which a process of the provisioner knows who belongs where. */
const membershipAt = async (internalUrl: string): Promise<number> => {
  const metrics = await (await fetch(`${internalUrl}/metrics`)).text();
  const [, position] = /^rts_projection_position\{projection="membership"\} (\S+)$/m.exec(metrics) ?? [];
  return Number(position);
};

const callsFor = async (operation: string): Promise<number> => {
  type State = { calls: Record<string, { total: number }> };
  return (await system().simulator<State>('GET', '/state')).calls[operation]?.total ?? 0;
};
const MAKE_RUNNER = 'actions/generate-runner-jitconfig-for-org';

/** What holds however many processes of the provisioner there are. */
export const quota = () =>
  describe('on two replicas of the provisioner', () => {
    let replica: Replica | undefined;
    beforeAll(async () => {
      replica = await startReplica(system(), 'provisioner');
    });
    afterAll(() => replica?.stop());

    /** What one process has written and shows, the other may not know yet. */
    const untilBothKnow = async () => {
      const processes = [system().runFile('provisioner').internal_url, replica?.internalUrl ?? ''];
      const wanted = Math.max(...(await Promise.all(processes.map(membershipAt))));
      await until('both processes of the provisioner know of it', async () =>
        (await Promise.all(processes.map(membershipAt))).every((position) => position >= wanted)
          ? true
          : undefined,
      );
    };
    const limited = async (max_runners: number) => {
      const team = await newTeam({ max_runners });
      const name = unique('greedy');
      await done('POST', '/admin/users', { body: { email: emailOf(name), team_ids: [team] } });
      await knownEverywhere();
      await untilBothKnow();
      const token = await mintPerson(name);
      await done('GET', '/auth/me', { token });
      await untilBothKnow();
      return { token };
    };
    const inUse = async (token: string) => {
      const { policies } = await done<Slots>('GET', '/auth/my-label-policy', { token });
      return policies[0]?.quota.in_use;
    };
    const untilInUse = (token: string, slots: number) =>
      until(`${slots} slots are in use`, async () => ((await inUse(token)) === slots ? true : undefined));
    const provisionAtOnce = (token: string, times: number) =>
      Promise.all(
        Array.from({ length: times }, () =>
          call<Record<string, unknown>>('POST', '/runners/jit', {
            token,
            body: { runner_name: unique('greedy') },
          }),
        ),
      );

    it.each([20, 200])('%i provisions at once for 3 slots: exactly 3 succeed', async (times) => {
      const { token } = await limited(3);
      const before = await messagesOfEach();
      const calls = await callsFor(MAKE_RUNNER);
      const answers = await provisionAtOnce(token, times);

      expect(tally(answers.map(outcomeOf))).toEqual({ 201: 3, '429 runner-quota-reached': times - 3 });
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.every(({ body }) => body.limit === 3 && body.in_use === 3)).toBe(true);
      expect((await callsFor(MAKE_RUNNER)) - calls).toBe(3);
      const { policies } = await done<Slots>('GET', '/auth/my-label-policy', { token });
      expect(policies).toMatchObject([{ quota: { limit: 3, in_use: 3 } }]);
      const after = await messagesOfEach();
      const busy = [...after].filter(([cid, messages]) => messages > (before.get(cid) ?? 0));
      expect(busy).toHaveLength(2);

      const [given] = answers.filter(({ status }) => status === 201);
      await done('DELETE', `/runners/${given?.body.runner_id}`, { token });
      await untilInUse(token, 2);
      const more = await provisionAtOnce(token, 10);
      expect(tally(more.map(outcomeOf))).toEqual({ 201: 1, '429 runner-quota-reached': 9 });
    });

    it('a runner that vanishes at GitHub lets exactly one more in', async () => {
      const { token } = await limited(1);
      const given = await provision(token);
      type AtGithub = { runners: { id: number; name: string }[] };
      const { runners } = await system().simulator<AtGithub>('GET', '/state');
      const id = runners.find(({ name }) => name === given.runner_name)?.id;
      await fetch(`${system().development.simulator_url}/_simulator/runners/${id}`, { method: 'DELETE' });
      await untilInUse(token, 0);
      const more = await provisionAtOnce(token, 5);
      expect(tally(more.map(outcomeOf))).toEqual({ 201: 1, '429 runner-quota-reached': 4 });
    });

    it('twenty with one idempotency key are one runner and one call of GitHub', async () => {
      const { token } = await limited(5);
      const calls = await callsFor(MAKE_RUNNER);
      const body = { runner_name_prefix: 'once' };
      const headers = { 'idempotency-key': unique('key') };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => call('POST', '/runners/jit', { token, body, headers })),
      );
      expect(tally(answers.map(outcomeOf))).toEqual({ 201: 20 });
      expect(new Set(answers.map(({ body: given }) => JSON.stringify(given))).size).toBe(1);
      const replays = answers.filter((answer) => answer.headers.get('idempotent-replay') === 'true');
      expect(replays).toHaveLength(19);
      expect((await callsFor(MAKE_RUNNER)) - calls).toBe(1);
      const { policies } = await done<Slots>('GET', '/auth/my-label-policy', { token });
      expect(policies).toMatchObject([{ quota: { in_use: 1 } }]);
    });
  });

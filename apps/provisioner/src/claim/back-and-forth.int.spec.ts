import { randomUUID } from 'node:crypto';
import { expect, it, jest } from '@jest/globals';
import { Problem, type Recorded, streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { randomOf } from '#libs/testing';
import { Admins } from '../admin-roster/admins.js';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import { teamClientClaim } from '../machine-client/machine-client.claims.js';
import { machineClientAfter } from '../machine-client/machine-client.decider.js';
import { MachineClients } from '../machine-client/machine-clients.js';
import { originOf, serviceActor } from '../origin.js';
import { teamDecider } from '../team/team.decider.js';
import { teamNameClaim } from '../team/team-name.claim.js';
import { Teams } from '../team/teams.js';
import { hesitantStore } from '../testing/hesitant-store.js';
import { onEachStore } from '../testing/on-each-store.js';
import { emailClaim } from '../user/email.claim.js';
import { userAfter } from '../user/user.decider.js';
import { Users } from '../user/users.js';
import { Claims } from './claims.js';

jest.setTimeout(120_000);

const ENVIRONMENT = 'https://auth.example.com';
const ROUNDS = 40;
const AT_ONCE = 7;
const now = () => new Date().toISOString();
const origin = () => originOf({ requestId: randomUUID() }, serviceActor);

/** What somebody else has, or what has gone meanwhile, is refused; anything else is a fault. */
const orRefused = async (attempt: Promise<unknown>): Promise<void> => {
  await attempt.catch((error: unknown) => {
    const codes = ['already-exists', 'machine-client-unknown'];
    if (!(error instanceof Problem && codes.includes(error.code))) throw error;
  });
};

/** What each of them had at each moment of the log. */
const momentsOf = async <Had>(
  store: EventStore,
  streamsOf: readonly string[],
  had: (history: readonly Recorded[]) => Had | undefined,
): Promise<Had[][]> => {
  const histories = await Promise.all(streamsOf.map((stream) => store.read(stream)));
  const positions = histories.flat().map(({ position }) => position);
  return positions.map((moment) =>
    histories
      .map((history) => had(history.filter(({ position }) => position <= moment)))
      .filter((each) => each !== undefined),
  );
};

onEachStore('what only one may have, taken and given back by many at once', (newStore) => {
  it('a team never has two active clients, and its claim is held by the one that is active', async () => {
    const [store, random, teamId] = [newStore(), randomOf(7), randomUUID()];
    const claims = new Claims(store);
    const asked = () => {
      const hesitant = hesitantStore(store, random);
      return new MachineClients(hesitant, new Claims(hesitant));
    };
    const ids: string[] = [];
    const register = async () => {
      const machineClientId = randomUUID();
      const client = { machineClientId, issuer: ENVIRONMENT, clientId: machineClientId, teamId };
      ids.push(machineClientId);
      await asked().register({ ...client, registeredAt: now() }, origin());
      await asked().change({ machineClientId, isActive: false, at: now() }, origin());
    };
    for (let each = 0; each < 3; each++) await register();
    const statusOf = async (id: string) =>
      machineClientAfter(await store.read(streams.machineClient(id))).status;

    for (let round = 0; round < ROUNDS; round++) {
      const acts = Array.from({ length: AT_ONCE }, () => {
        const machineClientId = random.oneOf(ids.slice(-3)) ?? '';
        if (random.below(25) === 0) return asked().remove(machineClientId, now(), origin());
        const isActive = random.below(2) === 0;
        return asked().change({ machineClientId, isActive, at: now() }, origin());
      });
      await Promise.all(acts.map(orRefused));
      const active: string[] = [];
      for (const id of ids) if ((await statusOf(id)) === 'active') active.push(id);
      expect(await claims.holder(teamClientClaim(teamId))).toBe(active[0]);
      if (active.length === 0 && ids.length < 12) await register();
    }
    const clients = ids.map((id) => streams.machineClient(id));
    const moments = await momentsOf(store, clients, (history) =>
      machineClientAfter(history).status === 'active' ? true : undefined,
    );
    expect(Math.max(...moments.map((active) => active.length))).toBe(1);
  });

  it('an e-mail is never that of two users, and is claimed by whoever has it', async () => {
    const [store, random] = [newStore(), randomOf(11)];
    const claims = new Claims(store);
    const asked = () => {
      const hesitant = hesitantStore(store, random);
      const own = new Claims(hesitant);
      return new Users(hesitant, own, new Admins(hesitant, ENVIRONMENT));
    };
    const rights = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const userId of ids) {
      const identity = { issuer: ENVIRONMENT, subject: userId };
      await asked().create({ userId, ...rights, createdAt: now() }, identity, origin());
    }
    const emails = ['a@example.com', 'B@example.com', 'c@example.com', 'd@example.com'];
    const emailIn = (history: readonly Recorded[]) => {
      const user = userAfter(history);
      return user.status === 'unknown' ? undefined : user.email?.toLowerCase();
    };

    for (let round = 0; round < ROUNDS; round++) {
      const acts = Array.from({ length: AT_ONCE }, () => {
        const userId = random.oneOf(ids) ?? '';
        const wanted = random.below(6) === 0 ? null : (random.oneOf(emails) ?? null);
        const email = random.below(3) === 0 ? (wanted?.toUpperCase() ?? null) : wanted;
        return asked().change({ userId, email, at: now() }, undefined, origin());
      });
      await Promise.all(acts.map(orRefused));
      const had = new Map<string | undefined, string>();
      for (const id of ids) had.set(emailIn(await store.read(streams.user(id))), id);
      for (const email of emails)
        expect(await claims.holder(emailClaim(email))).toBe(had.get(email.toLowerCase()));
    }
    const users = ids.map((id) => streams.user(id));
    for (const had of await momentsOf(store, users, emailIn)) expect(new Set(had).size).toBe(had.length);
  });

  it('a name is never that of two teams, and is claimed by whichever has it', async () => {
    const [store, random] = [newStore(), randomOf(13)];
    const claims = new Claims(store);
    const asked = () => {
      const hesitant = hesitantStore(store, random);
      return new Teams(hesitant, new Claims(hesitant), new CapacityDesk(hesitant));
    };
    const rules = { requiredLabels: [], labelPatterns: [], runnerGroupIds: [] };
    const ids = [randomUUID(), randomUUID()];
    const names = ['builders', 'painters', 'joiners'];
    for (const [index, teamId] of ids.entries())
      await asked().create({ teamId, name: names[index] ?? '', ...rules, createdAt: now() }, origin());
    const nameIn = (history: readonly Recorded[]) => {
      const team = (history as never[]).reduce(teamDecider.evolve, teamDecider.initial);
      return team.status === 'unknown' ? undefined : team.name;
    };

    for (let round = 0; round < ROUNDS; round++) {
      const acts = Array.from({ length: AT_ONCE }, () =>
        asked().change(
          { teamId: random.oneOf(ids) ?? '', name: random.oneOf(names) ?? '', at: now() },
          origin(),
        ),
      );
      await Promise.all(acts.map(orRefused));
      const had = new Map<string | undefined, string>();
      for (const id of ids) had.set(nameIn(await store.read(streams.team(id))), id);
      for (const name of names) expect(await claims.holder(teamNameClaim(name))).toBe(had.get(name));
    }
    const teams = ids.map((id) => streams.team(id));
    for (const had of await momentsOf(store, teams, nameIn)) expect(new Set(had).size).toBe(had.length);
  });
});

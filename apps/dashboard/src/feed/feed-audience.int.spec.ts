import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Caller,
  type Event,
  identityProviderEvent,
  machineClientEvent,
  streams,
  teamEvent,
  trustRuleEvent,
  userEvent,
} from '#libs/contracts';
import {
  type EmbeddedEventStore,
  startEmbeddedEventStore,
} from '../../../../libs/embedded-event-store/src/index.js';
import { eventsOf } from '../../../../test/support/event-reader.js';
import { type FeedFollower, followFeed } from '../../../../test/support/feed-follower.js';
import { until } from '../../../../test/support/system.js';
import { type DashboardUnderTest, ISSUER, startDashboard } from '../testing/dashboard-under-test.js';
import { newRunner, newTeam, newUser } from '../testing/tenancy-facts.js';

const PARTNER = 'https://partner.example';
const at = '2026-01-01T00:00:00.000Z';
const person = (subject: string): Caller => ({ issuer: ISSUER, subject, emailVerified: false });
const pipeline = (clientId: string): Caller => ({ ...person(clientId), clientId });

describe('who is told what', () => {
  let folder: string;
  let server: EmbeddedEventStore;
  let dashboard: DashboardUnderTest;
  const followers: FeedFollower[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rts-feed-'));
    server = await startEmbeddedEventStore({ file: join(folder, 'log.db') });
    dashboard = await startDashboard(server.connectionString, `sqlite:///${folder}/views.db`);
  });
  afterAll(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await dashboard.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const append = (stream: string, ...facts: Event[]) => dashboard.append(stream, ...facts);
  const follow = (caller: Caller, options?: { after: string }) => {
    const follower = followFeed((headers, signal) => dashboard.openFeed(caller, headers, signal), options);
    followers.push(follower);
    return follower;
  };
  const untilOpen = async (...some: FeedFollower[]) => {
    for (const each of some)
      await until('the stream is open', async () => (each.connections() > 0 ? true : undefined));
  };
  const untilToldAt = (follower: FeedFollower, position: bigint) =>
    until('the fact has been told of', async () =>
      follower.told.some(({ id }) => id === position) ? true : undefined,
    );
  const runnersIn = ({ told }: FeedFollower) => [...new Set(told.map(({ runner }) => runner.runner_id))];
  const newClient = async (clientId: string, teamId: string) => {
    const machineClientId = randomUUID();
    await append(
      streams.machineClient(machineClientId),
      machineClientEvent('MachineClientRegistered')({
        machineClientId,
        issuer: ISSUER,
        clientId,
        teamId,
        registeredAt: at,
      }),
    );
    return machineClientId;
  };

  it.each(['now on', 'the beginning'])('each what they may see, from %s', async (since) => {
    const [suffix] = randomUUID().split('-');
    const named = (name: string) => `${name}-${suffix}`;
    const owner = await newUser(append, named('owner'));
    const mate = await newUser(append, named('mate'));
    const stranger = await newUser(append, named('stranger'));
    await newUser(append, named('admin'), { isAdmin: true });
    const team = await newTeam(append, [owner, mate]);
    const otherTeam = await newTeam(append, [stranger]);
    await newClient(named('ours'), team);
    await newClient(named('theirs'), otherTeam);
    const ofTeam = await newRunner(append, { provisionedBy: owner, teamId: team });
    const withoutTeam = await newRunner(append, { provisionedBy: owner });
    const foreign = await newRunner(append, { provisionedBy: stranger, teamId: otherTeam });
    await dashboard.untilShown();

    const callers = {
      admin: person(named('admin')),
      owner: person(named('owner')),
      mate: person(named('mate')),
      machine: pipeline(named('ours')),
      stranger: person(named('stranger')),
      foreignMachine: pipeline(named('theirs')),
    };
    const told = Object.fromEntries(
      Object.entries(callers).map(([name, caller]) => [
        name,
        follow(caller, since === 'now on' ? undefined : { after: '0' }),
      ]),
    ) as Record<keyof typeof callers, FeedFollower>;
    await untilOpen(...Object.values(told));
    const last = {
      ofTeam: await ofTeam.flap(1),
      withoutTeam: await withoutTeam.flap(1),
      foreign: await foreign.flap(1),
    };
    await untilToldAt(told.admin, last.foreign);
    for (const each of [told.owner, told.mate, told.machine]) await untilToldAt(each, last.ofTeam);
    await untilToldAt(told.owner, last.withoutTeam);
    for (const each of [told.stranger, told.foreignMachine]) await untilToldAt(each, last.foreign);

    const [a, b, c] = [ofTeam, withoutTeam, foreign].map(({ runnerId }) => runnerId);
    const seen = Object.fromEntries(Object.entries(told).map(([name, each]) => [name, runnersIn(each)]));
    expect(seen.admin).toEqual(expect.arrayContaining([a, b, c]));
    expect(seen).toMatchObject({
      owner: [a, b],
      mate: [a],
      machine: [a],
      stranger: [c],
      foreignMachine: [c],
    });
  });

  it('nothing of the team any more to a former member, whose own runner is still told of', async () => {
    const member = await newUser(append, 'member');
    const team = await newTeam(append, [member]);
    const ofTeam = await newRunner(append, { provisionedBy: member, teamId: team });
    const own = await newRunner(append, { provisionedBy: member });
    await dashboard.untilShown();
    const follower = follow(person('member'));
    await untilOpen(follower);
    await untilToldAt(follower, await ofTeam.flap(1));
    await append(
      streams.team(team),
      teamEvent('TeamMemberRemoved')({ teamId: team, userId: member, removedAt: at }),
    );
    const hidden = await ofTeam.flap(1);
    await untilToldAt(follower, await own.flap(1));
    expect(follower.told.map(({ id }) => id)).not.toContain(hidden);
    expect(follower.connections()).toBe(1);

    await append(
      streams.team(team),
      teamEvent('TeamMemberAdded')({ teamId: team, userId: member, addedAt: at }),
    );
    await untilToldAt(follower, await ofTeam.flap(1));
    expect(follower.connections()).toBe(1);
  });

  it('ends what an administrator was told of others’ runners with their office', async () => {
    const chief = await newUser(append, 'chief', { isAdmin: true });
    const other = await newUser(append, 'somebody');
    const foreign = await newRunner(append, { provisionedBy: other });
    const own = await newRunner(append, { provisionedBy: chief });
    await dashboard.untilShown();
    const follower = follow(person('chief'));
    await untilOpen(follower);
    await untilToldAt(follower, await foreign.flap(1));
    await append(streams.user(chief), userEvent('UserCeasedToBeAdmin')({ userId: chief, ceasedAt: at }));
    const hidden = await foreign.flap(1);
    await untilToldAt(follower, await own.flap(1));
    expect(follower.told.map(({ id }) => id)).not.toContain(hidden);
  });

  describe('a stream ends, and does not begin again, once', () => {
    /** Somebody who may listen, and the facts after which they may no longer. */
    const cases: Record<string, () => Promise<{ caller: Caller; ending: [string, Event]; refusal: string }>> =
      {
        'its user is deactivated': async () => {
          const userId = await newUser(append, 'leaver');
          const fact = userEvent('UserDeactivated')({ userId, reason: 'left', deactivatedAt: at });
          return {
            caller: person('leaver'),
            ending: [streams.user(userId), fact],
            refusal: '403 user-deactivated',
          };
        },
        'its machine client is deactivated': async () => {
          const machineClientId = await newClient('nightly', await newTeam(append, []));
          const fact = machineClientEvent('MachineClientDeactivated')({ machineClientId, deactivatedAt: at });
          const ending: [string, Event] = [streams.machineClient(machineClientId), fact];
          return { caller: pipeline('nightly'), ending, refusal: '403 machine-client-refused' };
        },
        'the team of its machine client is deactivated': async () => {
          const teamId = await newTeam(append, []);
          await newClient('weekly', teamId);
          const fact = teamEvent('TeamDeactivated')({ teamId, reason: 'closed', deactivatedAt: at });
          return {
            caller: pipeline('weekly'),
            ending: [streams.team(teamId), fact],
            refusal: '403 team-deactivated',
          };
        },
        'its trust rule is removed': async () => {
          const { caller, trustRuleId } = await newTrustRule();
          const fact = trustRuleEvent('TrustRuleRemoved')({ trustRuleId, removedAt: at });
          return {
            caller,
            ending: [streams.trustRule(trustRuleId), fact],
            refusal: '403 user-not-authorized',
          };
        },
        'its identity provider is deactivated': async () => {
          const { caller, identityProviderId } = await newTrustRule();
          const fact = identityProviderEvent('IdentityProviderDeactivated')({
            identityProviderId,
            deactivatedAt: at,
          });
          const ending: [string, Event] = [streams.identityProvider(identityProviderId), fact];
          return { caller, ending, refusal: '403 user-not-authorized' };
        },
      };

    const newTrustRule = async () => {
      const [identityProviderId, trustRuleId] = [randomUUID(), randomUUID()];
      const issuer = `${PARTNER}/${identityProviderId}`;
      await append(
        streams.identityProvider(identityProviderId),
        identityProviderEvent('IdentityProviderRegistered')({
          identityProviderId,
          issuer,
          name: 'partner',
          audiences: ['rts'],
          algorithms: ['RS256'],
          emailDomains: [],
          claims: {},
          registeredAt: at,
        }),
      );
      await append(
        streams.trustRule(trustRuleId),
        trustRuleEvent('TrustRuleCreated')({
          trustRuleId,
          name: 'shop',
          identityProviderId,
          teamId: await newTeam(append, []),
          conditions: [{ claim: 'sub', equals: 'repo:acme/shop' }],
          createdAt: at,
        }),
      );
      const sub = 'repo:acme/shop';
      const claims = { sub, exp: Math.floor(Date.now() / 1000) + 3_600 };
      const caller: Caller = { issuer, subject: sub, emailVerified: false, claims };
      return { caller, identityProviderId, trustRuleId };
    };

    it.each(Object.keys(cases))('%s', async (name) => {
      const { caller, ending, refusal } = (await cases[name]?.()) ?? {};
      if (!caller || !ending) throw new Error('there is no such case');
      await dashboard.untilShown();
      const follower = follow(caller);
      await untilOpen(follower);
      await append(...ending);
      await until('the stream has ended', async () => follower.refusals[0]);
      expect([follower.connections(), follower.refusals[0]]).toEqual([1, refusal]);
    });

    it('its token is taken no longer', async () => {
      await newUser(append, 'brief');
      await dashboard.untilShown();
      const claims = { exp: Math.floor(Date.now() / 1000) - 29 };
      const events = eventsOf(await dashboard.openFeed({ ...person('brief'), claims }));
      expect((await events.next()).done).toBe(false);
      expect((await events.next()).done).toBe(true);
    });
  });

  it('nobody without a genuine pass, and no stranger', async () => {
    const unsigned = await fetch(`${dashboard.url}/runners/events`);
    expect([unsigned.status, await unsigned.json()]).toMatchObject([401, { code: 'token-missing' }]);
    const stranger = await dashboard.openFeed(person('nobody-knows'));
    expect([stranger.status, await stranger.json()]).toMatchObject([403, { code: 'user-not-authorized' }]);
  });
});

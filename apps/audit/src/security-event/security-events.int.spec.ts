import { beforeEach, expect } from '@jest/globals';
import {
  type Member,
  membershipEntities,
  membershipMigration,
  membershipProjection,
  visibleSecurityEvents,
} from '#libs/access';
import {
  type Actor,
  type Fact,
  type Recorded,
  type SearchSecurityEvents,
  searchSecurityEventsSchema,
  securityEvent,
  teamEvent,
  userEvent,
} from '#libs/contracts';
import { type Database, openDatabase } from '#libs/read-model';
import { onEachDatabase, recorded } from '#libs/testing';
import { findRecords } from '../record/find-records.js';
import { recordViews } from '../record/record-views.js';
import { SecurityEvent, type SecurityEventRow } from './security-event.entity.js';
import { securityEventMigration } from './security-event.migration.js';
import { securityEventProjection } from './security-event.projection.js';

const ISSUER = 'https://issuer.example';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ann = id(1);
const red = id(2);
const at = '2026-01-01T00:00:00.000Z';
const annActs: Actor = { kind: 'user', issuer: ISSUER, subject: 'ann', userId: ann };
/** A good token of hers, seen at the edge. */
const annAtTheEdge: Actor = { kind: 'user', issuer: ISSUER, subject: 'ann' };
const edge: Actor = { kind: 'service', app: 'gateway' };

const story: [Fact, Actor][] = [
  [
    userEvent('UserCreated')({
      userId: ann,
      email: 'Ann@example.com',
      isAdmin: false,
      canUseJit: true,
      canUseRegistrationToken: false,
      createdAt: at,
    }),
    edge,
  ],
  [userEvent('UserIdentityBound')({ userId: ann, issuer: ISSUER, subject: 'ann', boundAt: at }), edge],
  [
    teamEvent('TeamCreated')({
      teamId: red,
      name: 'red',
      requiredLabels: [],
      labelPatterns: [],
      runnerGroupIds: [],
      createdAt: at,
    }),
    edge,
  ],
  [
    securityEvent('ProvisioningRefused')({
      code: 'label-not-permitted',
      detail: 'No.',
      runnerName: 'build-1',
      labels: ['gpu'],
      teamId: red,
      members: { refused_labels: ['gpu'] },
      refusedAt: at,
    }),
    annActs,
  ],
  [securityEvent('AccessRefused')({ code: 'token-invalid', detail: 'No.', refusedAt: at }), edge],
  [securityEvent('AccessRefused')({ code: 'admin-required', detail: 'No.', refusedAt: at }), annAtTheEdge],
  [userEvent('UserBecameAdmin')({ userId: ann, becameAdminAt: at }), edge],
];
const facts: Recorded<Fact>[] = story.map(([event, actor], index) =>
  recorded(event, { position: index + 1, actor }),
);

const admin: Member = { userId: id(9), isAdmin: true, isActive: true, teams: [] };
const memberOf = (...teams: string[]): Member => ({
  userId: ann,
  isAdmin: false,
  isActive: true,
  teams: teams.map((teamId) => ({ id: teamId })),
});

onEachDatabase('security events', ({ test, newAddress, closing }) => {
  let database: Database;

  beforeEach(async () => {
    database = closing(
      await openDatabase({
        databaseUrl: newAddress(),
        dataDir: '.',
        app: 'audit',
        entities: [...membershipEntities, SecurityEvent],
        migrations: [membershipMigration, securityEventMigration],
      }),
    );
    await database.em().transactional((em) => membershipProjection.apply(em, facts));
  });

  const apply = (some: readonly Recorded[]) =>
    database.em().transactional((em) => securityEventProjection.apply(em, some));
  const search = async (who: Member, given: Partial<SearchSecurityEvents> = {}) => {
    const em = database.em();
    const { rows, total } = await findRecords<SecurityEventRow>(em, searchSecurityEventsSchema.parse(given), {
      entity: SecurityEvent,
      conditions: [visibleSecurityEvents(who)],
      texts: ['runner_name', 'event_type'],
    });
    const viewOf = await recordViews(em, rows, who);
    return {
      rows,
      total,
      types: rows.map((row) => `${row.position} ${row.eventType} by ${viewOf(row).userIdentity}`),
    };
  };

  test('has one row per event, however the facts are repeated, and knows people at the edge', async () => {
    const expected = [
      '7 privilege_changed by gateway',
      '6 admin_required by Ann@example.com',
      '5 authentication_failed by gateway',
      '4 label_policy_violation by Ann@example.com',
    ];
    await apply(facts);
    expect((await search(admin)).types).toEqual(expected);
    await apply(facts);
    for (const fact of facts) await apply([fact]);
    expect((await search(admin)).types).toEqual(expected);
  });

  test('keeps what was tried', async () => {
    await apply(facts);
    const { rows } = await search(admin, { eventType: 'label_policy_violation' });
    expect(rows).toMatchObject([
      {
        severity: 'high',
        runnerName: 'build-1',
        teamId: red,
        actionTaken: 'refused',
        violationData: { code: 'label-not-permitted', members: { refused_labels: ['gpu'] } },
      },
    ]);
  });

  test('a team sees its own, and nobody else any', async () => {
    await apply(facts);
    expect((await search(memberOf(red))).types).toEqual(['4 label_policy_violation by Ann@example.com']);
    expect((await search(memberOf(id(3)))).types).toEqual([]);
    expect((await search(memberOf())).total).toBe(0);
  });

  test('finds by every filter, and counts after filtering', async () => {
    await apply(facts);
    const cases: [Partial<SearchSecurityEvents>, number[]][] = [
      [{ severity: 'medium' }, [6, 5]],
      [{ severity: 'critical' }, []],
      [{ userIdentity: 'ann@example.com' }, [6, 4]],
      [{ userIdentity: `${ISSUER}|ann` }, [6, 4]],
      [{ userIdentity: 'gateway' }, [7, 5]],
      [{ team: 'red' }, [4]],
      [{ q: 'BUILD' }, [4]],
      [{ since: '2026-01-01T00:00:00.006Z' }, [7, 6]],
      [{ until: '2026-01-01T00:00:00.004Z' }, [4]],
      [{ before: '6' }, [5, 4]],
      [{ before: '6', sort: 'timestamp' }, [4, 5]],
      [{ limit: 1, offset: 1 }, [6]],
    ];
    for (const [filter, positions] of cases) {
      const { rows, total } = await search(admin, filter);
      expect({ filter, positions: rows.map(({ position }) => Number(position)) }).toEqual({
        filter,
        positions,
      });
      const isPage = filter.limit !== undefined || filter.before !== undefined;
      expect(total).toBe(isPage ? 4 : positions.length);
    }
  });
});

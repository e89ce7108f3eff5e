import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { Caller, Event, Recorded } from '#libs/contracts';
import type { EventStore, FollowOptions } from '#libs/event-store';
import { eventStoreDb } from '#libs/event-store';
import { CALLER_PASS_HEADER, internalAdapter, ProblemFilter, signCallerPass } from '#libs/runtime';
import { readDashboardConfig } from '../dashboard.config.js';
import { DashboardModule } from '../dashboard.module.js';
import { EVENT_STORE } from '../dashboard.tokens.js';
import { FleetView } from '../fleet/fleet-view.js';

export const ISSUER = 'https://issuer.example';
const SECRET = 'a secret of the service';
const FEED = '/runners/events';

/** The dashboard app with its internal port, and without a bus. */
export type DashboardUnderTest = {
  app: NestFastifyApplication;
  url: string;
  /** Ends the app, and the store's client with it. */
  close(): Promise<void>;
  /** The position of the last of these facts. */
  append(stream: string, ...facts: Event[]): Promise<bigint>;
  read(stream: string): Promise<readonly Recorded[]>;
  openFeed(caller: Caller, headers?: Record<string, string>, signal?: AbortSignal): Promise<Response>;
  /** The same as it goes over the wire. */
  feedRequest(caller: Caller, headers?: Record<string, string>): string;
  /** Until the rows hold all that was appended. */
  untilShown(): Promise<void>;
  /** How often the log was begun to be followed. */
  followings(): number;
};

export const startDashboard = async (
  eventStoreUrl: string,
  databaseUrl: string,
): Promise<DashboardUnderTest> => {
  const config = readDashboardConfig({
    NATS_URL: 'nats://not.asked.for',
    EVENTSTORE_URL: eventStoreUrl,
    DATABASE_URL: databaseUrl,
    SERVER_SECRET: SECRET,
    OIDC_ISSUER: ISSUER,
    LOG_LEVEL: 'fatal',
  });
  const store = eventStoreDb(eventStoreUrl);
  let followings = 0;
  let newest = 0n;
  const counted: EventStore = {
    ...store,
    follow: (options: FollowOptions) => {
      followings += 1;
      return store.follow(options);
    },
  };
  const module = await Test.createTestingModule({ imports: [DashboardModule.with(config)] })
    .overrideProvider(EVENT_STORE)
    .useValue(counted)
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(internalAdapter(), { logger: false });
  app.useGlobalFilters(new ProblemFilter('urn:rts'));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const metadata = { $correlationId: 'r', $causationId: 'r', actor: { kind: 'service' as const } };

  return {
    app,
    url,
    close: () => app.close(),
    append: async (stream, ...facts) => {
      const events = facts.map((fact) => ({ ...fact, id: randomUUID(), metadata }));
      newest = (await store.append(stream, events, 'any')).position;
      return newest;
    },
    read: (stream) => store.read(stream),
    openFeed: (caller, headers = {}, signal) =>
      fetch(`${url}${FEED}`, {
        headers: { ...headers, [CALLER_PASS_HEADER]: signCallerPass(caller, SECRET) },
        ...(signal ? { signal } : {}),
      }),
    feedRequest: (caller, headers = {}) =>
      [
        `GET ${FEED} HTTP/1.1`,
        'host: dashboard',
        `${CALLER_PASS_HEADER}: ${signCallerPass(caller, SECRET)}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        '\r\n',
      ].join('\r\n'),
    untilShown: async () => {
      while (!(await app.get(FleetView).caughtUpWith(String(newest))));
    },
    followings: () => followings,
  };
};

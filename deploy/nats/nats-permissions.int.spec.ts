import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { answersOk, until } from '../local/readiness.js';
import { DataDirectory } from '../local/state/data-directory.js';
import { claimPorts } from '../local/state/ports.js';
import { type NatsUser, natsUsers } from '../local/state/secrets.js';

const server = process.env.RTS_NATS_SERVER ?? 'nats-server';

/** Who answers and who may ask. */
const subjects: readonly [string, NatsUser, readonly NatsUser[]][] = [
  ['rts.v1.runner.provision', 'provisioner', ['gateway', 'cli']],
  ['rts.v1.runner.abandon', 'provisioner', ['gateway']],
  ['rts.v1.runner.recordObservation', 'provisioner', ['sync']],
  ['rts.v1.runner.recordWorkflowJob', 'provisioner', ['sync']],
  ['rts.v1.runner.recordUnmanaged', 'provisioner', ['sync']],
  ['rts.v1.runner.settle', 'provisioner', ['sync']],
  ['rts.v1.security.record', 'provisioner', ['gateway', 'sync']],
  ['rts.v1.caller.describe', 'provisioner', ['gateway', 'cli', 'sync']],
  ['rts.v1.delivery.record', 'sync', ['gateway']],
  ['rts.v1.sync.status', 'sync', ['gateway', 'cli']],
  ['rts.v1.sync.trigger', 'sync', ['gateway', 'cli']],
  ['rts.v1.auditRecord.search', 'audit', ['gateway', 'cli']],
  ['rts.v1.fleet.list', 'dashboard', ['gateway', 'cli']],
  ['rts.v1.stats.provisioner', 'provisioner', ['gateway', 'cli']],
  ['rts.v1.stats.sync', 'sync', ['gateway', 'cli']],
  ['rts.v1.stats.audit', 'audit', ['gateway', 'cli']],
  ['rts.v1.stats.dashboard', 'dashboard', ['gateway', 'cli']],
];

describe('the shipped nats.conf', () => {
  let folder: string;
  let process_: ChildProcess;
  let port: number;
  const connections = new Map<NatsUser, NatsConnection>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nats-'));
    const ports = await claimPorts(new DataDirectory(folder), ['nats', 'monitoring']);
    port = ports.nats;
    process_ = spawn(
      server,
      [
        ...['-c', join(import.meta.dirname, 'nats.conf'), '-a', '127.0.0.1'],
        ...['-p', String(port), '-m', String(ports.monitoring)],
      ],
      {
        stdio: 'ignore',
        env: {
          PATH: `${process.env.PATH}:/usr/sbin`,
          ...Object.fromEntries(
            natsUsers.map((user) => [`${user.toUpperCase()}_NATS_PASSWORD`, `p-${user}`]),
          ),
        },
      },
    );
    const signal = AbortSignal.timeout(5_000);
    await until(() => answersOk(`http://127.0.0.1:${ports.monitoring}/healthz`), signal);
    for (const user of natsUsers) connections.set(user, await connectAs(user, `p-${user}`));
    for (const [subject, answerer] of subjects) {
      as(answerer).subscribe(subject, {
        queue: answerer,
        callback: (_, message) => {
          message.respond(`${answerer} answers`);
        },
      });
    }
    await Promise.all([...connections.values()].map((connection) => connection.flush()));
  });

  afterAll(async () => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
    const ended = new Promise((resolve) => process_.once('exit', resolve));
    process_.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  const connectAs = (user: string, pass: string) =>
    connect({
      servers: `127.0.0.1:${port}`,
      user,
      pass,
      inboxPrefix: `_INBOX_${user}`,
      reconnect: false,
    });

  const as = (user: NatsUser): NatsConnection => {
    const connection = connections.get(user);
    if (connection === undefined) throw new Error(`${user} is not connected`);
    return connection;
  };

  const ask = (user: NatsUser, subject: string) =>
    as(user)
      .request(subject, 'ask', { timeout: 2_000 })
      .then(
        (reply) => reply.string(),
        (error: Error) => error.message,
      );

  it.each(subjects)('lets nobody ask %s of %s but %j', async (subject, answerer, askers) => {
    for (const user of natsUsers) {
      const expected = askers.includes(user)
        ? `${answerer} answers`
        : `Permissions Violation for Publish to "${subject}"`;
      expect([user, await ask(user, subject)]).toEqual([user, expected]);
    }
  });

  it.each(subjects)('lets nobody answer %s but %s', async (subject, answerer) => {
    for (const user of natsUsers.filter((name) => name !== answerer)) {
      expect([user, await refusalOfSubscribing(user, subject)]).toEqual([
        user,
        expect.stringContaining('Violation'),
      ]);
    }
  });

  it("lets nobody read another's replies or everything", async () => {
    for (const user of natsUsers) {
      const other = user === 'audit' ? 'gateway' : 'audit';
      for (const subject of [`_INBOX_${other}.>`, '_INBOX.>', '>', 'rts.>', '$SYS.>']) {
        const refusal = await refusalOfSubscribing(user, subject);
        expect([user, subject, refusal]).toEqual([user, subject, expect.stringContaining('Violation')]);
      }
    }
  });

  it('wants a user and the right password', async () => {
    await expect(connectAs('gateway', 'p-audit')).rejects.toThrow(/authorization violation/i);
    await expect(connect({ servers: `127.0.0.1:${port}`, reconnect: false })).rejects.toThrow(
      /authorization violation/i,
    );
  });

  it('carries messages of 8 MB', () => {
    expect(as('gateway').info?.max_payload).toBe(8 * 1024 * 1024);
  });

  const refusalOfSubscribing = async (user: NatsUser, subject: string): Promise<string> => {
    const refusal = new Promise<string>((resolve) => {
      as(user).subscribe(subject, {
        callback: (error) => {
          if (error) resolve(error.message);
        },
      });
    });
    const none = new Promise<string>((resolve) => setTimeout(resolve, 1_000, 'none').unref());
    return Promise.race([refusal, none]);
  };
});

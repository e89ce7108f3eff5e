import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.js';

/** A NATS server of this spec's own, on loopback, open to everybody. */
export type TestNats = { url: string; stop(): Promise<void> };

/** The program, from `RTS_NATS_SERVER` or the PATH. */
export const natsServerProgram = (
  environment: Record<string, string | undefined> = process.env,
): string | undefined =>
  environment.RTS_NATS_SERVER ??
  [...(environment.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, 'nats-server'))
    .find((path) => existsSync(path));

/** To be shown where tests are skipped. */
export const NATS_MISSING =
  'nats-server is not installed here: set RTS_NATS_SERVER, or install the nats-server package';

export const startNats = async (program: string): Promise<TestNats> => {
  const port = await freePort();
  const server = spawn(program, ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  await untilListening(port, server);
  return {
    url: `nats://127.0.0.1:${port}`,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
};

const untilListening = async (port: number, server: ChildProcess) => {
  const giveUpAt = Date.now() + 30_000;
  while (!(await accepts(port))) {
    if (server.exitCode !== null || Date.now() > giveUpAt) throw new Error('nats-server did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });

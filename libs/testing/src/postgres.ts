import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** A PostgreSQL server of this spec's own, on loopback, with nothing in it. */
export type TestPostgres = {
  /** A database that is empty, as an address for `DATABASE_URL`. */
  createDatabase(name: string): string;
  stop(): Promise<void>;
};

const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** Folder of `initdb` and `postgres`: `RTS_POSTGRES_BIN`, else the newest one Debian's packages have put here. */
export const postgresPrograms = (
  environment: Record<string, string | undefined> = process.env,
): string | undefined => {
  if (environment.RTS_POSTGRES_BIN) return environment.RTS_POSTGRES_BIN;
  if (!existsSync(DEBIAN_FOLDER)) return undefined;
  return readdirSync(DEBIAN_FOLDER)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN_FOLDER, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
};

/** To be shown where tests are skipped. */
export const POSTGRES_MISSING =
  'PostgreSQL is not installed here: set RTS_POSTGRES_BIN, or install the postgresql package';

/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
const unprivileged = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
};

export const startPostgres = async (programs: string): Promise<TestPostgres> => {
  const owner = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'rts-postgres-'));
  const data = join(folder, 'data');
  const sockets = join(folder, 's');
  mkdirSync(sockets);
  if (owner) for (const path of [folder, sockets]) chownSync(path, owner.uid, owner.gid);

  const run = (program: string, args: string[]) => {
    const { status, stdout, stderr } = spawnSync(join(programs, program), args, {
      encoding: 'utf8',
      cwd: folder,
      ...owner,
    });
    if (status !== 0) throw new Error(`${program} failed: ${stderr || stdout}`);
  };
  run('initdb', ['-D', data, '-U', 'rts', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C']);

  const port = await freePort();
  const settings = ['fsync=off', 'full_page_writes=off', 'shared_buffers=16MB', 'max_connections=40'];
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', sockets, ...settings.flatMap((s) => ['-c', s])],
    { cwd: folder, stdio: 'ignore', ...owner },
  );
  const address = ['-h', '127.0.0.1', '-p', String(port), '-U', 'rts'];
  try {
    await untilReady(() => run('pg_isready', ['-q', ...address]), server);
  } catch (error) {
    server.kill('SIGQUIT');
    throw error;
  }

  return {
    createDatabase: (name) => {
      run('createdb', [...address, name]);
      return `postgresql://rts@127.0.0.1:${port}/${name}`;
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const untilReady = async (check: () => void, server: ChildProcess) => {
  const giveUpAt = Date.now() + 20_000;
  for (;;) {
    try {
      check();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > giveUpAt) {
        throw new Error('PostgreSQL did not start', { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

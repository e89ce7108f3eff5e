import { mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type System, until } from './system.js';

/** Without these they cannot start. */
const FILES = {
  sync: 'rts.sync.db',
  provisioner: 'rts.provisioner.db',
  'event-store': 'event-store.db',
};

/** Ends a process for certain and keeps it from starting again; the answer lets it, and waits until it is back. */
export const keepDown = (system: System, app: keyof typeof FILES): (() => Promise<void>) => {
  const { dataDir } = system;
  const file = FILES[app];
  const aside = `${app}.aside`;
  const move = (from: string, to: string) => {
    for (const name of readdirSync(dataDir).filter((each) => each.startsWith(from)))
      renameSync(join(dataDir, name), join(dataDir, to + name.slice(from.length)));
  };
  const { pid } = system.runFile(app);
  move(file, aside);
  // where a file should be, no program of ours goes on
  mkdirSync(join(dataDir, file));
  process.kill(pid, 'SIGKILL');
  return async () => {
    rmdirSync(join(dataDir, file));
    move(aside, file);
    await until(`${app} is back`, async () => (system.runFile(app).pid === pid ? undefined : true), {
      withinMs: 60_000,
    });
    await until(
      'the system is ready again',
      async () => {
        const { status } = await fetch(`${system.url}/health/ready`);
        return status === 200 ? true : undefined;
      },
      { withinMs: 60_000 },
    );
  };
};

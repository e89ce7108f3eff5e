import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

/**
 * Loaded into a process before its own modules (`node --import`): SIGURG begins a CPU profile, the next one ends
 * it and leaves it in the folder. Nest takes SIGUSR2 for an order to end, Node SIGUSR1 for one to debug; this one
 * means nothing to anybody.
 */
const folder = process.env.BENCH_PROFILES;
let session: Session | undefined;

const leave = (ending: string, text: string) => {
  const file = join(folder ?? '.', `${process.pid}.${ending}`);
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
};

const begin = async () => {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  leave('started', '');
};

const end = async (running: Session) => {
  session = undefined;
  const { profile } = await running.post('Profiler.stop');
  running.disconnect();
  leave('cpuprofile', JSON.stringify(profile));
};

if (folder !== undefined) process.on('SIGURG', () => void (session ? end(session) : begin()));

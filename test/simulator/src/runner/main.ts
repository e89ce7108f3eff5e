import { readArguments } from './arguments.js';
import { exitCodes, RunnerExit } from './exit-code.js';
import { listen } from './listen.js';
import { queueOwnJob } from './queue-job.js';
import { register } from './register.js';
import { Unreachable } from './request.js';
import { unpackJitConfig } from './runner-settings.js';

const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);

async function run(): Promise<number> {
  const { source, queueJob, timing } = readArguments(process.argv.slice(2), process.env);
  const interruption = new AbortController();
  process.on('SIGINT', () => interruption.abort());
  process.on('SIGTERM', () => interruption.abort());

  const settings =
    'jitConfig' in source ? unpackJitConfig(source.jitConfig) : await register(source.registration);
  const kind = settings.ephemeral ? 'ephemeral runner' : 'runner';
  say(`This is ${kind} ${settings.name} (id ${settings.id})`);
  return listen(settings, {
    say,
    interrupted: interruption.signal,
    ...timing,
    ...(queueJob ? { onOnline: async () => say(await queueOwnJob(settings)) } : {}),
  });
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode =
    error instanceof RunnerExit
      ? error.code
      : error instanceof Unreachable
        ? exitCodes.retryable
        : exitCodes.terminated;
}

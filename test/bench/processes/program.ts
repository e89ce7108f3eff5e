import { type ChildProcess, spawn } from 'node:child_process';

/** A program that runs until it is stopped. */
export type RunningProgram = {
  pid: number;
  /** The end of what it printed. */
  output(): string;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  /** Ends it in order, and by force when that takes too long. */
  stop(): Promise<void>;
};

const KEPT_CHARACTERS = 20_000;
const PATIENCE_MS = 15_000;

export const runProgram = (
  command: string,
  args: readonly string[],
  { env, cwd }: { env: NodeJS.ProcessEnv; cwd?: string },
): RunningProgram => {
  // the channel tells a program that watches it when the bench was killed
  const child: ChildProcess = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  let code: number | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (exitCode) => {
      code = exitCode ?? -1;
      resolve();
    });
    child.once('error', (error) => {
      output += String(error);
      code = -1;
      resolve();
    });
  });
  return {
    pid: child.pid ?? -1,
    output: () => output,
    exitCode: () => code,
    stop: async () => {
      if (code !== undefined) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(killer);
    },
  };
};

/** What is measured shares nothing with the shell it is measured from. */
export const environmentWithoutOurs = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(GITHUB_|OIDC_|NATS_URL|EVENTSTORE_URL|DATABASE_URL|SERVER_SECRET|NODE_OPTIONS|NODE_CHANNEL|NODE_ENV|LOG_LEVEL|DATA_DIR)/.test(
          name,
        ),
    ),
  );

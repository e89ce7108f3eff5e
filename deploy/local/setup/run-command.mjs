import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupFault } from './project.mjs';

const forwarded = /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']);

/** The exit code of a shell for a process that ended by a signal. */
const codeOf = (/** @type {NodeJS.Signals} */ signal) => 128 + constants.signals[signal];

/**
 * Runs a program to its end on the same terminal and hands every signal on to it. An open channel lets the
 * program notice when this process is killed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, stdout?: 'inherit' | 'stderr' | 'ignore', channel?: boolean }} [options]
 * @returns {Promise<{ code: number, interrupted: boolean }>} interrupted: this process was told to stop
 */
export function runCommand(command, args, { env, cwd, stdout = 'inherit', channel = false } = {}) {
  const output = stdout === 'stderr' ? 2 : stdout;
  const child = spawn(command, args, {
    env: env ?? process.env,
    cwd,
    stdio: ['inherit', output, 'inherit', ...(channel ? /** @type {const} */ (['ipc']) : [])],
  });
  let interrupted = false;
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    interrupted = true;
    child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new SetupFault(`${command} could not be started: ${error.message}`)),
    );
    child.once('exit', (code, signal) => {
      for (const name of forwarded) process.off(name, forward);
      resolve({ code: code ?? codeOf(signal ?? 'SIGTERM'), interrupted });
    });
  });
}

/**
 * Runs one step of the set-up, its output on stderr; a step that fails, or that was interrupted, ends the
 * set-up.
 * @param {string} what the step, as the end of "… failed"
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 */
export async function runStep(what, command, args, options = {}) {
  const { code, interrupted } = await runCommand(command, args, { ...options, stdout: 'stderr' });
  if (interrupted) throw new SetupFault(`${what} was interrupted.`);
  if (code !== 0) throw new SetupFault(`${what} failed (exit code ${code}); its output is above.`);
}

import { banner } from './banner.js';
import { type Configuration, readConfiguration, readVariables } from './configuration/configuration.js';
import type { PortName } from './configuration/installation-values.js';
import { type OwnProcessName, processNames } from './configuration/process-names.js';
import { endLeftovers } from './processes/leftovers.js';
import { ProcessGroup } from './processes/process-group.js';
import type { Installation } from './programs.js';
import { startInOrder } from './start-in-order.js';
import { StartRefused } from './start-refused.js';
import { DataDirectory } from './state/data-directory.js';
import { lockDataDirectory } from './state/data-directory-lock.js';
import { claimPorts, isFree } from './state/ports.js';
import { ensureSecrets } from './state/secrets.js';

export interface LaunchOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory: string;
  readonly root: string;
  readonly mainFile: (name: OwnProcessName) => string;
  /** Shows the result to the person at the terminal. */
  readonly print: (text: string) => void;
  /** Shows what the person should know on the way. */
  readonly warn: (text: string) => void;
  /** Everything runs and is ready. */
  readonly ready?: (processes: ProcessGroup) => void;
}

const portNames: readonly PortName[] = [...processNames, 'nats-monitoring', 'event-store-protocol'];

/**
 * Runs the whole system until `stopped` is aborted, then ends it in order.
 *
 * @throws StartRefused when it cannot be started like this
 */
export async function launch(options: LaunchOptions, stopped: AbortSignal): Promise<void> {
  const { environment, workingDirectory, print, warn } = options;
  const configuration = readConfiguration(readVariables(environment, workingDirectory), workingDirectory);
  const data = new DataDirectory(configuration.dataDirectory);
  const lock = lockDataDirectory(data);
  const processes = new ProcessGroup(data, warn);
  try {
    const installation = await prepare(options, configuration, data);
    const access = await startInOrder(installation, processes, stopped, warn);
    print(banner(configuration, configuration.authenticated ? access?.token : undefined));
    options.ready?.(processes);
    await aborted(stopped);
    warn('Stopping …');
  } catch (error) {
    if (!stopped.aborted) throw error;
  } finally {
    await processes.stop();
    data.remove(data.runFile('dev'));
    lock.release();
  }
}

async function prepare(
  { root, mainFile, warn }: LaunchOptions,
  configuration: Configuration,
  data: DataDirectory,
): Promise<Installation> {
  const left = await endLeftovers(data);
  if (left.length > 0) warn(`Ended what an earlier start had left running: ${left.join(', ')}.`);
  const { host, port } = configuration;
  if (!(await isFree(port, host))) {
    throw new StartRefused([`Port ${port} of ${host} is taken. Set SERVICE_PORT to a free one.`]);
  }
  return {
    configuration,
    data,
    ports: await claimPorts(data, portNames),
    secrets: ensureSecrets(data),
    root,
    mainFile,
  };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

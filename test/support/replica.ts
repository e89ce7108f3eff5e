import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '#libs/testing';
import { readConfiguration, readVariables } from '../../deploy/local/configuration/configuration.js';
import type { Ports } from '../../deploy/local/configuration/installation-values.js';
import type { AppName } from '../../deploy/local/configuration/process-names.js';
import { appProgram, mainFileIn } from '../../deploy/local/programs.js';
import { DataDirectory } from '../../deploy/local/state/data-directory.js';
import { ensureSecrets } from '../../deploy/local/state/secrets.js';
import { type System, until } from './system.js';

const ROOT = join(import.meta.dirname, '../..');

export type Replica = { pid: number; internalUrl: string; stop(): Promise<void> };

/** A second process of an app, beside the launcher's, with the environment the launcher would give it. */
export const startReplica = async ({ dataDir, url, runFile }: System, name: AppName): Promise<Replica> => {
  const data = new DataDirectory(dataDir);
  const installation = {
    configuration: readConfiguration(
      readVariables({ DATA_DIR: dataDir, SERVICE_PORT: new URL(url).port }, dataDir),
      dataDir,
    ),
    data,
    ports: data.readJson(data.in('ports.json')) as Ports,
    secrets: ensureSecrets(data),
    root: ROOT,
    mainFile: mainFileIn(ROOT),
  };
  const simulator = runFile('simulator') as Record<string, unknown> & { internal_url: string };
  const { command, args, environment } = appProgram(name, installation, {
    githubApiUrl: String(simulator.github_api_url),
    githubUrl: String(simulator.github_url ?? simulator.internal_url),
    issuer: String(simulator.oidc_issuer),
  });
  const port = await freePort();
  const internalUrl = `http://127.0.0.1:${port}`;
  const own = { INTERNAL_PORT: String(port), RUN_FILE: data.runFile(`${name}-2`) };
  const child = spawn(command, args, {
    env: { ...environment, ...own },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await until(`a second ${name} is ready`, async () => {
      const { status } = await fetch(`${internalUrl}/health/ready`);
      return status === 200 ? true : undefined;
    });
  } catch (error) {
    await stop();
    throw new Error(`${error}\n${complaints}`);
  }
  return { pid: child.pid ?? 0, internalUrl, stop };
};

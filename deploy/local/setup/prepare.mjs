import { delimiter } from 'node:path';
import { ensureBuild } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureNatsServer } from './nats-server.mjs';
import { nodeFolder } from './node-binary.mjs';
import { inProject } from './project.mjs';
import { alone } from './setup-lock.mjs';

/**
 * All that starting and testing have in common; quick when nothing changed.
 * @param {{ natsServer: boolean }} needs
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} Node 24 and the environment to start it with
 */
export const prepare = (needs) =>
  alone(async () => {
    await ensureDependencies();
    const folder = nodeFolder();
    await ensureBuild();
    const path = [inProject('node_modules', '.bin'), folder, process.env.PATH].join(delimiter);
    const server = needs.natsServer ? { RTS_NATS_SERVER: await ensureNatsServer() } : {};
    return { node: `${folder}/node`, env: { ...process.env, PATH: path, ...server } };
  });

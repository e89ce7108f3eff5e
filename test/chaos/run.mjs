/** `npm run test:chaos`: does the set-up, then ten minutes of chaos; `CHAOS_SECONDS`, `CHAOS_SEED`. */
import { randomInt } from 'node:crypto';
import { prepare } from '../../deploy/local/setup/prepare.mjs';
import { inProject, runScript } from '../../deploy/local/setup/project.mjs';
import { runCommand } from '../../deploy/local/setup/run-command.mjs';

await runScript(async () => {
  const { node, env } = await prepare({ natsServer: true });
  const jest = inProject('node_modules', 'jest', 'bin', 'jest.js');
  const nodeOptions = [env.NODE_OPTIONS, '--experimental-vm-modules', '--no-warnings']
    .filter(Boolean)
    .join(' ');
  const { code } = await runCommand(
    node,
    [jest, '--selectProjects', 'e2e', '--runInBand', '--', 'test/chaos'],
    {
      env: {
        CHAOS_SECONDS: '600',
        CHAOS_SEED: String(randomInt(1_000_000)),
        ...env,
        NODE_OPTIONS: nodeOptions,
      },
    },
  );
  return code;
});

/** `npm run test:load`: does the set-up, then fills the service with tenants and measures what that costs. */
import { prepare } from '../../deploy/local/setup/prepare.mjs';
import { inProject, runScript } from '../../deploy/local/setup/project.mjs';
import { runCommand } from '../../deploy/local/setup/run-command.mjs';

await runScript(async () => {
  const { node, env } = await prepare({ natsServer: true });
  const load = inProject('dist', 'test', 'load', 'main.js');
  const { code } = await runCommand(node, [load, ...process.argv.slice(2)], { env, channel: true });
  return code;
});

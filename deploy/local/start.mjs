/** `npm start`: does the set-up on any Node from 20.19 on, then hands over to the launcher on Node 24. */
import { prepare } from './setup/prepare.mjs';
import { environment, inProject, runScript } from './setup/project.mjs';
import { runCommand } from './setup/run-command.mjs';

await runScript(async () => {
  const { node, env } = await prepare({ natsServer: !environment().NATS_URL });
  const launcher = inProject('dist', 'deploy', 'local', 'launcher.js');
  const { code } = await runCommand(node, [launcher, ...process.argv.slice(2)], {
    // our code is compiled once, and not at every start of every process
    env: { NODE_COMPILE_CACHE: inProject('node_modules', '.cache', 'compiled'), ...env },
    channel: true,
  });
  return code;
});

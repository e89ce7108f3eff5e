/** `npm run bench`: does the set-up, then measures. `npm run bench -- --help` says what can be chosen. */
import { prepare } from '../../deploy/local/setup/prepare.mjs';
import { inProject, runScript } from '../../deploy/local/setup/project.mjs';
import { runCommand } from '../../deploy/local/setup/run-command.mjs';

await runScript(async () => {
  const { node, env } = await prepare({ natsServer: true });
  const bench = inProject('dist', 'test', 'bench', 'main.js');
  const { code } = await runCommand(node, [bench, ...process.argv.slice(2)], { env, channel: true });
  return code;
});

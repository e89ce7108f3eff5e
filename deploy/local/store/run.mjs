/** `npm run store:backup`, `npm run store:restore`: on any Node from 20.19 on, as starting. */
import { prepare } from '../setup/prepare.mjs';
import { inProject, runScript, SetupFault } from '../setup/project.mjs';
import { runCommand } from '../setup/run-command.mjs';

const [command, file] = process.argv.slice(2);

await runScript(async () => {
  if (!['backup', 'restore'].includes(command) || file === undefined) {
    throw new SetupFault(`Say which file: npm run store:${command ?? 'backup'} -- FILE`);
  }
  const { node, env } = await prepare({ natsServer: false });
  const program = inProject('dist', 'deploy', 'local', 'store', `${command}.js`);
  const { code } = await runCommand(node, [program, file], { env });
  return code;
});

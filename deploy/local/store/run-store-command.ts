import { resolve } from 'node:path';
import { EventFileError } from '#libs/embedded-event-store';
import { readVariables, type Variables } from '../configuration/configuration.js';
import { StartRefused } from '../start-refused.js';

/** What a command on the store of an installation is told. */
export interface StoreCommand {
  readonly variables: Variables;
  readonly dataDirectory: string;
  /** Absolute path of the backup. */
  readonly file: string;
}

/** Runs one of them on what the environment and the command line say; prints its report, or why it was refused. */
export const runStoreCommand = async (work: (command: StoreCommand) => Promise<string>): Promise<void> => {
  // Whatever it makes is for its owner only.
  process.umask(0o077);
  const variables = readVariables(process.env, process.cwd());
  // npm changes to the folder of the project; what the person typed is meant from where they are.
  const from = process.env.INIT_CWD ?? process.cwd();
  try {
    const report = await work({
      variables,
      dataDirectory: resolve(process.cwd(), variables.DATA_DIR ?? 'data'),
      file: resolve(from, process.argv[2] ?? ''),
    });
    process.stdout.write(`${report}\n`);
  } catch (error) {
    const expected = error instanceof StartRefused || error instanceof EventFileError;
    process.stderr.write(
      `${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exitCode = 1;
  }
};

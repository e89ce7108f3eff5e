import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupFault, say } from './project.mjs';
import { runStep } from './run-command.mjs';

/** Where packages put servers although the search path of a user may leave these folders out. */
const alsoIn = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/**
 * @param {readonly string[]} names any of these
 * @param {readonly string[]} [folders] looked at besides the search path
 * @returns {string | undefined} the full path of the first one found
 */
export function findProgram(names, folders = []) {
  const searched = [...(process.env.PATH ?? '').split(delimiter), ...alsoIn, ...folders];
  return names.flatMap((name) => searched.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Packages can be installed without asking anybody: root on Debian or one of its relatives. */
export const canInstallPackages = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && findProgram(['apt-get']) !== undefined;

/** @param {string} name of a Debian package */
export async function installPackage(name) {
  say(`Installing ${name} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ ...args) =>
    runStep(`apt-get ${args[0]}`, 'apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], { env });
  const install = () => apt('install', '-y', '--no-install-recommends', name);
  try {
    await install();
  } catch (error) {
    if (!(error instanceof SetupFault) || error.message.includes('interrupted')) throw error;
    // The usual reason is a machine without package lists, or with outdated ones.
    await apt('update');
    await install();
  }
}

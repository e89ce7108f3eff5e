import { existsSync, readFileSync } from 'node:fs';
import { inProject, root, say } from './project.mjs';
import { runStep } from './run-command.mjs';

/** Installs what package-lock.json lists, when that is not what is installed. */
export async function ensureDependencies() {
  if (isInstalled()) return;
  say('Installing the dependencies (about a minute) …');
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'];
  await runStep('npm ci', command, [...first, 'ci', ...flags], { cwd: root });
}

/**
 * npm keeps in node_modules/.package-lock.json what it installed and writes it last, so an interrupted or an
 * older installation shows as a difference.
 */
function isInstalled() {
  const record = inProject('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(inProject('package-lock.json'))).every(([path, wanted]) => {
    const found = installed[path];
    if (path === '' || (found === undefined && wanted.optional)) return true;
    return found?.version === wanted.version && found?.integrity === wanted.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

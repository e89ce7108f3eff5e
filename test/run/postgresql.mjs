import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canInstallPackages, findProgram, installPackage } from '../../deploy/local/setup/programs.mjs';

const debianFolder = '/usr/lib/postgresql';

/**
 * The folder of `initdb` and `postgres`, installed first where that needs no answer from anybody; undefined where
 * it does.
 */
export async function ensurePostgresql() {
  const found = find();
  if (found !== undefined || !canInstallPackages()) return found;
  await installPackage('postgresql');
  return find();
}

function find() {
  const given = process.env.RTS_POSTGRES_BIN;
  if (given) return given;
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debianFolder, version, 'bin'));
  const initdb = findProgram(['initdb'], folders);
  // a link on the PATH says nothing of the other programs: they are where it points to
  return initdb && dirname(realpathSync(initdb));
}

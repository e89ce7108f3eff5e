import { say } from '../../deploy/local/setup/project.mjs';
import { alone } from '../../deploy/local/setup/setup-lock.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensurePostgresql } from './postgresql.mjs';

const programs = [
  { name: 'PostgreSQL', package: 'postgresql', variable: 'RTS_POSTGRES_BIN', ensure: ensurePostgresql },
  { name: 'Chromium', package: 'chromium', variable: 'RTS_CHROMIUM', ensure: ensureChromium },
];

/**
 * What some specs need and skip themselves without.
 * @returns {Promise<Record<string, string>>} the variables that tell the specs where the programs are
 */
export const findOptionalPrograms = () =>
  alone(async () => {
    /** @type {Record<string, string>} */
    const found = {};
    for (const { name, package: debianPackage, variable, ensure } of programs) {
      const path = await ensure().catch(() => undefined);
      if (path !== undefined) found[variable] = path;
      else say(`${name} is missing: its specs are skipped. Type: sudo apt-get install -y ${debianPackage}`);
    }
    return found;
  });

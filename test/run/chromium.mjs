import { canInstallPackages, findProgram, installPackage } from '../../deploy/local/setup/programs.mjs';

const find = () => process.env.RTS_CHROMIUM || findProgram(['chromium', 'chromium-browser', 'google-chrome']);

/**
 * The path of a Chromium, installed first where that needs no answer from anybody; undefined where it does.
 */
export async function ensureChromium() {
  const found = find();
  if (found !== undefined || !canInstallPackages()) return found;
  await installPackage('chromium');
  return find();
}

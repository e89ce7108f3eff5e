import { canInstallPackages, findProgram, installPackage } from './programs.mjs';
import { SetupFault } from './project.mjs';

const find = () => findProgram(['nats-server']);

/** The path of a nats-server, installed first where that needs no answer from anybody. */
export async function ensureNatsServer() {
  const found = find();
  if (found !== undefined) return found;
  if (canInstallPackages()) await installPackage('nats-server');
  const installed = find();
  if (installed !== undefined) return installed;
  throw new SetupFault(`nats-server is missing. Type: ${advice()}   (or set NATS_URL to a running server)`);
}

const advice = () =>
  process.platform === 'darwin' ? 'brew install nats-server' : 'sudo apt-get install -y nats-server';

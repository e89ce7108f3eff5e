import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBinary } from './node-binary.mjs';
import { inProject, root, say } from './project.mjs';
import { runStep } from './run-command.mjs';

const stamp = inProject('dist', '.build-stamp');
const folders = ['apps', 'libs', 'test', 'deploy'];
const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Compiles the project into dist when a source differs from what dist was made of. */
export async function ensureBuild() {
  const sources = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  say('Building …');
  rmSync(stamp, { force: true });
  const compiler = inProject('node_modules', 'typescript-native', 'bin', 'tsc');
  await runStep('The build', nodeBinary(), [compiler, '-p', 'tsconfig.build.json'], { cwd: root });
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(stamp, sources);
}

function hashOfSources() {
  const hash = createHash('sha256');
  const files = [...settings, ...folders.flatMap(sourcesBelow)];
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(inProject(file)))
      .update('\0');
  return hash.digest('hex');
}

/** @param {string} folder */
const sourcesBelow = (folder) =>
  readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.spec\.tsx?$/.test(file))
    .map((file) => join(folder, file))
    .sort();

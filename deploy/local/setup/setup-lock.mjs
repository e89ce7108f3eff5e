import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from './process-identity.mjs';
import { inProject, say } from './project.mjs';

const folder = inProject('.cache');
const lock = inProject('.cache', 'setup.lock');

/**
 * Runs the steps that write into the project (dependencies, build) while no other start does. A lock whose
 * owner is gone is taken over.
 * @template T
 * @param {() => Promise<T>} steps
 * @returns {Promise<T>}
 */
export async function alone(steps) {
  const release = await acquire();
  process.once('exit', release);
  try {
    return await steps();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function acquire() {
  mkdirSync(folder, { recursive: true });
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, processIdentity(process.pid) ?? '');
  try {
    for (let told = false; !tryLink(mine); await delay(300)) {
      const owner = read();
      if (owner === undefined) continue;
      const pid = Number.parseInt(owner, 10);
      if (processIdentity(pid) !== owner) removeStale(owner, mine);
      else if (!told) {
        say(`Waiting for the set-up of process ${pid} in this folder.`);
        told = true;
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** A hard link appears with its content, so nobody ever reads a lock without an owner. */
function tryLink(/** @type {string} */ mine) {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

function read() {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

/** Moves the lock aside first: when two take over at once, the slower one may catch the new lock of the other. */
function removeStale(/** @type {string} */ owner, /** @type {string} */ mine) {
  const aside = `${mine}.stale`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, 'utf8') !== owner) tryLink(aside);
  rmSync(aside, { force: true });
}

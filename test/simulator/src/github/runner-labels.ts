import type { RunnerLabel } from './runner.js';

/** Names GitHub knows as its own: the ones `config.sh` adds by default. */
const ownNames = new Set(['self-hosted', 'linux', 'macos', 'windows', 'x64', 'x86', 'arm', 'arm64']);

export type LabelTyping = 'by_name' | RunnerLabel['type'];

/** Labels as GitHub stores them: lower-case, without repeats, numbered per name. */
export function toLabels(names: readonly string[], typing: LabelTyping): RunnerLabel[] {
  const unique = new Set(names.map((name) => name.trim().toLowerCase()));
  return [...unique].map((name) => ({
    id: labelId(name),
    name,
    type: typing === 'by_name' ? (ownNames.has(name) ? 'read-only' : 'custom') : typing,
  }));
}

/** Whether a runner with these labels may take a job that asks for those. */
export function coversLabels(runner: readonly RunnerLabel[], wanted: readonly string[]): boolean {
  const names = new Set(runner.map((label) => label.name));
  return wanted.every((name) => names.has(name.toLowerCase()));
}

/** The same positive number for the same name, always (32-bit FNV-1a). */
function labelId(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 1) + 1;
}

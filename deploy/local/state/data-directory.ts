import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** All state of one installation; for its owner only. */
export class DataDirectory {
  constructor(readonly path: string) {
    for (const folder of [path, this.in('run'), this.in('log'), this.in('secrets')]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // A folder that was there before keeps the mode it had.
      chmodSync(folder, 0o700);
    }
  }

  in(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  runFile(name: string): string {
    return this.in('run', `${name}.json`);
  }

  /** Appears complete or not at all, readable by its owner only. */
  writeJson(file: string, content: unknown): void {
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  }

  remove(file: string): void {
    rmSync(file, { force: true });
  }

  /** Undefined when there is no such file, or none that is whole. */
  readJson(file: string): Record<string, unknown> | undefined {
    try {
      const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
      return typeof content === 'object' && content !== null ? { ...content } : undefined;
    } catch {
      return undefined;
    }
  }
}

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { LogFile } from './log-file.js';
import { noteworthy } from './log-line.js';

const repeatAfterMs = 60_000;

/** Takes what one process prints, over all its lives: everything into its log, what is noteworthy to a person. */
export class ProcessOutput {
  private readonly log: LogFile;
  private readonly shownAt = new Map<string, number>();

  constructor(
    private readonly name: string,
    logPath: string,
    private readonly show: (note: string) => void,
  ) {
    this.log = new LogFile(logPath);
  }

  follow(stream: Readable, from: 'stdout' | 'stderr'): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.log.write(line);
      const note = noteworthy(line, from);
      if (note !== undefined) this.note(note);
    });
  }

  /** Shows a sentence about the process, at most once in a minute when it repeats. */
  note(note: string): void {
    const now = Date.now();
    for (const [earlier, at] of this.shownAt) if (now - at >= repeatAfterMs) this.shownAt.delete(earlier);
    if (this.shownAt.has(note)) return;
    this.shownAt.set(note, now);
    this.show(`${this.name}: ${note}`);
  }
}

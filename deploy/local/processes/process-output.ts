import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { LogFile } from './log-file.js';
import { noteworthy } from './log-line.js';

const repeatAfterMs = 10_000;

/** Takes what one process prints, over all its lives: everything into its log, what is noteworthy to a person. */
export class ProcessOutput {
  private readonly log: LogFile;
  private last = { note: '', at: 0 };

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

  /** Shows a sentence about the process, at most once in ten seconds when it repeats. */
  note(note: string): void {
    const now = Date.now();
    if (note === this.last.note && now - this.last.at < repeatAfterMs) return;
    this.last = { note, at: now };
    this.show(`${this.name}: ${note}`);
  }
}

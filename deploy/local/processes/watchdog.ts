import { spawn } from 'node:child_process';

/** Reads the pids that run now, a line for each change, and ends the last known ones when its input ends. */
const script =
  'trap "" INT TERM HUP; while read -r line; do pids=$line; done; ' +
  '[ -z "$pids" ] || { kill $pids; sleep 8; kill -9 $pids; } 2>/dev/null';

/**
 * A shell that outlives the launcher: when the launcher is killed, nobody else can end a program, such as
 * nats-server, that does not watch who started it.
 */
export class Watchdog {
  private readonly shell = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH },
  });
  private readonly pids = new Map<string, number>();

  constructor() {
    // Whoever ends the watchdog does without it; the processes themselves are not concerned.
    this.shell.on('error', () => undefined);
    this.shell.stdin.on('error', () => undefined);
    this.shell.unref();
  }

  started(name: string, pid: number): void {
    this.pids.set(name, pid);
    this.tell();
  }

  ended(name: string): void {
    this.pids.delete(name);
    this.tell();
  }

  close(): void {
    this.pids.clear();
    this.tell();
    this.shell.stdin.end();
  }

  private tell(): void {
    this.shell.stdin.write(`${[...this.pids.values()].join(' ')}\n`);
  }
}

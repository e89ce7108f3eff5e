import { type ChildProcess, spawn } from 'node:child_process';
import { BackOff } from './back-off.js';
import type { ProcessOutput } from './process-output.js';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** Told about every life of a process. */
export interface LifeObserver {
  started(name: string, pid: number): void;
  ended(name: string, pid: number): void;
}

/** A program that is started again whenever it ends, until it is stopped. */
export class SupervisedProcess {
  private readonly backOff = new BackOff();
  private child: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private restarting = false;

  constructor(
    private readonly program: Program,
    private readonly output: ProcessOutput,
    private readonly observer: LifeObserver,
  ) {}

  get name(): string {
    return this.program.name;
  }

  /** Undefined while it is not running. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { name, command, args, environment } = this.program;
    const startedAt = Date.now();
    // In a session of its own, so that Ctrl-C reaches the launcher alone and the order of stopping is kept.
    // Its input ends when the launcher does, whatever the reason.
    const child = spawn(command, args, { env: environment, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child = child;
    this.output.follow(child.stdout, 'stdout');
    this.output.follow(child.stderr, 'stderr');
    child.stdin.on('error', () => undefined);
    const { pid } = child;
    if (pid !== undefined) this.observer.started(name, pid);
    child.once('exit', (code, signal) => {
      if (pid !== undefined) this.observer.ended(name, pid);
      this.afterEnd(`ended (${signal ?? `exit code ${code}`})`, Date.now() - startedAt);
    });
    child.once('error', (error) => {
      if (pid === undefined) this.afterEnd(`could not be started: ${error.message}`, 0);
    });
  }

  /** Ends it in order; it comes back at once. */
  restart(): void {
    if (this.child === undefined) return;
    this.restarting = true;
    this.child.kill('SIGTERM');
  }

  /** Asks it to end and waits; what has not ended after `patienceMs` is killed. */
  async stop(patienceMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const { child } = this;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
    child.kill('SIGTERM');
    const killer = setTimeout(() => {
      this.output.note('error: did not end in time and was killed');
      child.kill('SIGKILL');
    }, patienceMs);
    await ended;
    clearTimeout(killer);
  }

  private afterEnd(what: string, livedMs: number): void {
    this.child = undefined;
    if (this.stopping) return;
    const delay = this.restarting ? 0 : this.backOff.afterLifeOf(livedMs);
    if (!this.restarting) this.output.note(`warning: ${what}, starts again in ${delay / 1000} s`);
    this.restarting = false;
    this.timer = setTimeout(() => this.start(), delay);
  }
}

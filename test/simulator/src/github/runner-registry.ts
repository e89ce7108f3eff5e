import type { Clock } from '../clock.js';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import type { Runner } from './runner.js';

export type RunnerAction = 'registered' | 'online' | 'offline' | 'updated' | 'removed';

/** The organisation's runners. Names are unique; a removed runner's name is free at once. */
export class RunnerRegistry {
  private readonly runners: Collection<Runner>;
  private readonly idsByName = new Map<string, number>();
  private readonly idsByClient = new Map<string, number>();
  private readonly listeners: ((runner: Runner, action: RunnerAction) => void)[] = [];
  /** Deletes are eventually consistent: what lists still show, and until when. */
  private readonly lingering: { runner: Runner; until: number }[] = [];

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly eventualDeleteMs: () => number,
  ) {
    this.runners = database.collection('runner', (runner) => runner.id);
    for (const runner of this.runners.values()) this.index(runner);
  }

  onChange(listener: (runner: Runner, action: RunnerAction) => void): void {
    this.listeners.push(listener);
  }

  get size(): number {
    return this.runners.size;
  }

  get(id: number): Runner | undefined {
    return this.runners.get(id);
  }

  findByName(name: string): Runner | undefined {
    const id = this.idsByName.get(name);
    return id === undefined ? undefined : this.runners.get(id);
  }

  findByClient(clientId: string): Runner | undefined {
    const id = this.idsByClient.get(clientId);
    return id === undefined ? undefined : this.runners.get(id);
  }

  /** Registers a runner, offline, under the next id. The caller has made sure that the name is free. */
  add(runner: Omit<Runner, 'id' | 'offlineSince' | 'onlineSince'>): Runner {
    const added = this.database.transaction(() => {
      const numbered: Runner = {
        ...runner,
        id: this.database.next('runner', 1001),
        offlineSince: runner.status === 'online' ? null : this.clock.ms(),
        onlineSince: runner.status === 'online' ? this.clock.ms() : null,
      };
      this.index(numbered);
      return this.runners.put(numbered);
    });
    this.tell(added, 'registered');
    return added;
  }

  change(
    runner: Runner,
    change: Partial<Omit<Runner, 'id' | 'name' | 'credentials' | 'offlineSince' | 'onlineSince'>>,
  ): Runner {
    const changed = { ...runner, ...change };
    if (changed.status === 'online') {
      changed.offlineSince = null;
      changed.onlineSince ??= this.clock.ms();
    } else {
      changed.offlineSince ??= this.clock.ms();
      changed.onlineSince = null;
    }
    this.runners.put(changed);
    this.tell(changed, changed.status === runner.status ? 'updated' : changed.status);
    return changed;
  }

  remove(runner: Runner): void {
    this.runners.delete(runner.id);
    this.idsByName.delete(runner.name);
    if (runner.credentials) this.idsByClient.delete(runner.credentials.clientId);
    const lingerMs = this.eventualDeleteMs();
    if (lingerMs > 0) this.lingering.push({ runner, until: Date.now() + lingerMs });
    this.tell(runner, 'removed');
  }

  /** All runners that exist, oldest first. */
  all(): Runner[] {
    return [...this.runners.values()];
  }

  inGroup(runnerGroupId: number): Runner[] {
    return this.all().filter((runner) => runner.runner_group_id === runnerGroupId);
  }

  /** What a list shows: possibly also runners that were just deleted. */
  listed(): Runner[] {
    const now = Date.now();
    while (this.lingering[0] && this.lingering[0].until <= now) this.lingering.shift();
    if (this.lingering.length === 0) return this.all();
    return [...this.all(), ...this.lingering.map(({ runner }) => runner)].sort((a, b) => a.id - b.id);
  }

  private tell(runner: Runner, action: RunnerAction): void {
    for (const listener of this.listeners) listener(runner, action);
  }

  private index(runner: Runner): void {
    this.idsByName.set(runner.name, runner.id);
    if (runner.credentials) this.idsByClient.set(runner.credentials.clientId, runner.id);
  }
}

import { z } from 'zod';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import { type JsonObject, mergePatch } from './merge-patch.js';
import {
  defaults,
  type Failure,
  type SwitchValues,
  serverDefaults,
  switchesSchema,
} from './switch-values.js';

/** How this GitHub behaves at the moment; changed by the admin routes, kept over restarts. */
export class Switches {
  private readonly documents: Collection<JsonObject>;
  /** What was changed; the rest follows the flavour. */
  private asked: JsonObject;
  private current: SwitchValues;

  constructor(database: Database) {
    this.documents = database.collection('switches', () => 'current');
    this.asked = this.documents.get('current') ?? {};
    const stored = valuesOf(this.asked);
    if (!stored.success) this.asked = {};
    this.current = stored.data ?? defaults;
  }

  get values(): SwitchValues {
    return this.current;
  }

  /** @param patch JSON merge patch (RFC 7396), null = default again; `latency_ms: 150` means `{all: 150}`. */
  patch(patch: unknown): SwitchValues {
    const asked = z.record(z.string(), z.unknown()).parse(mergePatch(this.asked, spelledOut(patch)));
    const values = valuesOf(asked);
    if (!values.success) throw values.error;
    return this.become(asked, values.data);
  }

  reset(): SwitchValues {
    return this.become({}, structuredClone(defaults));
  }

  /** The failure that strikes this call, if any; a counted one is used up. */
  takeFailure(operation: string): Failure | undefined {
    const failure = this.current.failures.find(
      (each) =>
        (each.operation === '*' || each.operation === operation) &&
        (each.next > 0 || Math.random() < each.rate),
    );
    if (failure && failure.next > 0) {
      failure.next -= 1;
      this.become({ ...this.asked, failures: this.current.failures }, this.current);
    }
    return failure;
  }

  latencyMs(operation: string): number {
    return this.current.latency_ms[operation] ?? this.current.latency_ms.all ?? 0;
  }

  private become(asked: JsonObject, values: SwitchValues): SwitchValues {
    this.asked = this.documents.put(asked);
    this.current = values;
    return values;
  }
}

function valuesOf(asked: JsonObject) {
  const defaultsHere = asked.flavour === 'ghes' ? serverDefaults : defaults;
  return switchesSchema.safeParse(mergePatch(defaultsHere, asked));
}

function spelledOut(patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || !('latency_ms' in patch)) return patch;
  return typeof patch.latency_ms === 'number' ? { ...patch, latency_ms: { all: patch.latency_ms } } : patch;
}

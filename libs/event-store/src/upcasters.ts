import type { Fact } from '#libs/contracts';

/** The stored data of a fact, as version n had it, in the shape of version n + 1. Pure; leaves its argument alone. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** Per type the steps from version 1 on: the first makes version 2 of version 1. */
export type Upcasters<Type extends string> = { readonly [_ in Type]?: readonly Upcaster[] };

/**
 * A step here is a new version: the schema in libs/contracts shows the newest one, and libs/contracts/fixtures/facts
 * keeps an example of every version that was ever recorded. When a new version is called for: docs/adr/0008.
 */
export const upcasters: Upcasters<Fact['type']> = {};

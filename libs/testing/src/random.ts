/** Random numbers that are the same for the same seed (Mulberry32): a failure can be played again. */
export const randomOf = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const oneOf = <T>(things: readonly T[]): T | undefined => things[below(things.length)];
  return { below, oneOf };
};
export type Random = ReturnType<typeof randomOf>;

import { describe, expect, it } from '@jest/globals';
import { InstallationToken, type MintedToken } from './installation-token.js';

const hourMs = 3_600_000;
const log = { debug: () => {}, warn: () => {} };

/** The first token is `t1`; `fail` makes the mint refuse until it is set back. */
const arrange = () => {
  const state = { now: 0, minted: 0, fail: false };
  const mint = async (): Promise<MintedToken> => {
    state.minted += 1;
    if (state.fail) throw new Error('GitHub is away');
    return { token: `t${state.minted}`, lifetimeMs: hourMs };
  };
  return { state, token: new InstallationToken(mint, () => state.now, log) };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('InstallationToken', () => {
  it('is fetched once for all who ask at the same time', async () => {
    const { state, token } = arrange();

    const tokens = await Promise.all(Array.from({ length: 500 }, () => token.get()));

    expect(new Set(tokens)).toEqual(new Set(['t1']));
    expect(state.minted).toBe(1);
  });

  it('is renewed five minutes early, while the old one serves on', async () => {
    const { state, token } = arrange();
    await token.get();
    state.now = hourMs - 4 * 60_000;

    expect(await token.get()).toBe('t1');
    await settled();

    expect(await token.get()).toBe('t2');
    expect(state.minted).toBe(2);
  });

  it('survives a failed renewal, and does not try again at once', async () => {
    const { state, token } = arrange();
    await token.get();
    state.now = hourMs - 4 * 60_000;
    state.fail = true;

    for (let call = 0; call < 10; call += 1) {
      expect(await token.get()).toBe('t1');
      await settled();
    }

    expect(state.minted).toBe(2);
  });

  it('is not given out in its last minute', async () => {
    const { state, token } = arrange();
    await token.get();
    state.now = hourMs - 30_000;

    expect(await token.get()).toBe('t2');
  });

  it('is fetched anew after it was not accepted, once for all who found out', async () => {
    const { state, token } = arrange();
    const first = await token.get();

    token.discard(first);
    const second = await token.get();
    token.discard(first);

    expect(second).toBe('t2');
    expect(await token.get()).toBe('t2');
    expect(state.minted).toBe(2);
  });

  it('is asked for again after a failure', async () => {
    const { state, token } = arrange();
    state.fail = true;
    await expect(token.get()).rejects.toThrow('GitHub is away');

    state.fail = false;

    expect(await token.get()).toBe('t2');
  });
});

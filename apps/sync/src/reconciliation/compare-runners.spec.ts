import { describe, expect, it } from '@jest/globals';
import type { GithubRunner } from '#libs/github';
import { compareRunners, observationOf, type Tracked } from './compare-runners.js';

const ours = (changes: Partial<Tracked> = {}): Tracked => ({
  id: 'runner-a',
  name: 'gpu-1',
  githubRunnerId: 7,
  state: 'pending',
  labels: [],
  driftedTo: null,
  ...changes,
});

const theirs = (changes: Partial<GithubRunner> = {}): GithubRunner => ({
  id: 7,
  name: 'gpu-1',
  os: 'linux',
  status: 'offline',
  busy: false,
  labels: ['self-hosted', 'linux'],
  ...changes,
});

const seen = (changes: Partial<GithubRunner> = {}) => {
  const { id: githubRunnerId, status, busy, labels } = theirs(changes);
  return { githubRunnerId, status, busy, labels };
};

const compare = (tracked: Tracked[], listed: GithubRunner[], known: number[] = []) => {
  const { differences, missing, unchanged } = compareRunners(tracked, listed, (id) => known.includes(id));
  return {
    differences: differences.map(({ runner, observation }) => [runner.id, observation]),
    missing: missing.map(({ id }) => id),
    unchanged,
  };
};
const nothingNew = { differences: [], missing: [], unchanged: 1 };

describe('our runners against GitHub’s', () => {
  it.each([
    ['pending', { status: 'online' }],
    ['pending', { status: 'online', busy: true }],
    ['offline', { status: 'online' }],
    ['idle', { status: 'online', busy: true }],
    ['idle', { status: 'offline' }],
    ['busy', { status: 'offline' }],
    ['busy', { status: 'online', busy: false }],
  ] as const)('a %s runner that GitHub shows as %o is worth telling', (state, changes) => {
    expect(compare([ours({ state })], [theirs(changes)])).toEqual({
      differences: [['runner-a', seen(changes)]],
      missing: [],
      unchanged: 0,
    });
  });

  it.each([
    ['pending', { status: 'offline' }],
    ['offline', { status: 'offline' }],
    ['idle', { status: 'online' }],
    ['busy', { status: 'online', busy: true }],
    ['deleting', { status: 'online', busy: true }],
    ['deleting', { status: 'offline' }],
  ] as const)('a %s runner that GitHub shows as %o is nothing new', (state, changes) => {
    expect(compare([ours({ state })], [theirs(changes)])).toEqual(nothingNew);
  });

  it.each(['pending', 'idle', 'busy', 'offline', 'deleting'] as const)(
    'a %s runner that is not listed is to be looked up, and proves nothing yet',
    (state) => {
      expect(compare([ours({ state })], [theirs({ id: 8 })])).toEqual({
        differences: [],
        missing: ['runner-a'],
        unchanged: 0,
      });
    },
  );

  describe('that have no id of GitHub’s yet', () => {
    const nameless = ours({ githubRunnerId: null });

    it('are recognised by name, whatever their state', () => {
      expect(compare([nameless], [theirs()]).differences).toEqual([['runner-a', seen()]]);
    });

    it('are not taken for one whose name is spelt otherwise: that may have been there before', () => {
      expect(compare([nameless], [theirs({ name: 'GPU-1' })])).toEqual(nothingNew);
      expect(compare([nameless], [theirs({ name: 'GPU-1' }), theirs({ id: 8 })]).differences).toEqual([
        ['runner-a', seen({ id: 8 })],
      ]);
    });

    it('are not taken for a former bearer of the name', () => {
      expect(compare([nameless], [theirs()], [7])).toEqual(nothingNew);
      expect(compare([nameless], [theirs(), theirs({ id: 9 })], [7]).differences).toEqual([
        ['runner-a', seen({ id: 9 })],
      ]);
    });

    it('may simply not have registered', () => {
      expect(compare([nameless], [])).toEqual(nothingNew);
    });
  });

  it('one that its host has registered again is told of by its new id, unless it is on its way out', () => {
    const again = theirs({ id: 8, status: 'online' });
    const { id: githubRunnerId, status, busy, labels } = again;
    expect(observationOf(ours({ state: 'idle' }), again)).toEqual({ githubRunnerId, status, busy, labels });
    expect(observationOf(ours({ state: 'deleting' }), again)).toBeUndefined();
  });

  it('a runner with an id is never recognised by name: names are used again', () => {
    expect(compare([ours()], [theirs({ id: 8, status: 'online' })]).differences).toEqual([]);
  });

  describe('whose labels were changed at GitHub', () => {
    const gpu = (changes: Partial<Tracked> = {}) => ours({ state: 'idle', labels: ['gpu'], ...changes });
    const shown = (labels: string[], changes: Partial<GithubRunner> = {}) =>
      theirs({ status: 'online', labels, ...changes });
    const told = (runner: Tracked, seenThere: GithubRunner) =>
      compare([runner], [seenThere]).differences.length === 1;

    it.each(['pending', 'idle', 'busy', 'offline'] as const)('are told of while %s', (state) => {
      const status = state === 'idle' || state === 'busy' ? 'online' : 'offline';
      const changes = { status, busy: state === 'busy' } as const;
      expect(told(gpu({ state }), shown(['linux', 'production'], changes))).toBe(true);
      expect(told(gpu({ state }), shown(['linux', 'gpu'], changes))).toBe(false);
    });

    it('are not told of because of labels GitHub adds, or of their case', () =>
      expect(told(gpu(), shown(['Self-Hosted', 'Linux', 'X64', 'GPU']))).toBe(false));

    it('are told of again and again, and once more when all is well', () => {
      const drifted = gpu({ driftedTo: ['production'] });
      expect(told(drifted, shown(['production']))).toBe(true);
      expect(told(drifted, shown(['gpu']))).toBe(true);
    });

    it('are of no interest on the way out', () =>
      expect(told(gpu({ state: 'deleting' }), shown(['production']))).toBe(false));
  });
});

import { describe, expect, it } from '@jest/globals';
import { appraiseLabels } from './label-policy.decider.js';

const permitting = (...patterns: string[]) => ({ requiredLabels: [], permits: { patterns } });
const refusedLabels = (requested: string[], ...patterns: string[]) =>
  appraiseLabels(requested, permitting(...patterns), 'jit').refusals.flatMap(
    ({ members }) => members.refused_labels,
  );
const codes = (requested: string[]) =>
  appraiseLabels(requested, permitting('.*'), 'jit').refusals.map(({ refused }) => refused);

describe('labels of a JIT runner', () => {
  it('are system, required and requested ones, in that order', () =>
    expect(
      appraiseLabels(['gpu', 'ubuntu-22.04'], { requiredLabels: ['team-a'], permits: 'anything' }, 'jit'),
    ).toEqual({ labels: ['self-hosted', 'linux', 'x64', 'team-a', 'gpu', 'ubuntu-22.04'], refusals: [] }));

  it('name the system that was asked for', () =>
    expect(appraiseLabels(['macos', 'arm64'], permitting(), 'jit')).toEqual({
      labels: ['self-hosted', 'macos', 'arm64'],
      refusals: [],
    }));

  it.each([
    ['two operating systems', ['linux', 'windows'], ['request-invalid']],
    ['two architectures', ['arm', 'arm64'], ['request-invalid']],
    ['two of both', ['linux', 'macos', 'x64', 'arm'], ['request-invalid', 'request-invalid']],
    ['one of each', ['self-hosted', 'windows', 'arm64'], []],
  ])('cannot name %s', (_, requested, expected) => expect(codes(requested)).toEqual(expected));
});

describe('a label policy', () => {
  it.each<[string, string[], string[], string[]]>([
    ['a pattern is the whole label', ['gpu-prod-admin'], ['gpu'], ['gpu-prod-admin']],
    ['at its end, too', ['prod-gpu'], ['gpu'], ['prod-gpu']],
    [
      'an alternation stays anchored',
      ['a-anything', 'anything-b', 'ab'],
      ['a|b'],
      ['a-anything', 'anything-b', 'ab'],
    ],
    ['each side of an alternation is permitted', ['a', 'b'], ['a|b'], []],
    ['anchors in the pattern change nothing', ['gpu', 'gpu-x'], ['^gpu$|^never$'], ['gpu-x']],
    ['the longest alternative counts', ['ab'], ['a|ab'], []],
    ['dots are dots', ['cuda-11x8'], ['cuda-11\\.8'], ['cuda-11x8']],
    ['dots in a label are fine', ['ubuntu-22.04'], ['ubuntu-\\d+\\.\\d+'], []],
    [
      'a system label is the whole word',
      ['self-hosted-production', 'linux-prod'],
      ['gpu'],
      ['self-hosted-production', 'linux-prod'],
    ],
    ['system labels need no pattern', ['self-hosted', 'linux', 'x64'], [], []],
    ['permitted in full', ['gpu', 'gpu-2'], ['gpu(-\\d+)?'], []],
    ['case does not matter in a pattern', ['gpu'], ['GPU'], []],
    ['a class of capitals means small letters too', ['abc'], ['[A-Z]+'], []],
    ['nothing extra without a pattern', ['gpu'], [], ['gpu']],
    ['all that is not permitted is named', ['a', 'b', 'c'], ['b'], ['a', 'c']],
    ['one of several patterns suffices', ['a', 'b'], ['a', 'b'], []],
  ])('%s', (_, requested, patterns, expected) =>
    expect(refusedLabels(requested, ...patterns)).toEqual(expected),
  );

  it('permits required labels when they are asked for', () =>
    expect(
      appraiseLabels(['team-a'], { requiredLabels: ['team-a'], permits: { patterns: [] } }, 'jit').refusals,
    ).toEqual([]));

  it.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '([a-z]+)*\\d', '(.*a){20}'])(
    'is done with a hostile label in no time: %s',
    (pattern) => {
      const hostile = `${'a'.repeat(255)}!`;
      refusedLabels(['warm-up'], pattern);
      const startedAt = performance.now();
      for (let times = 0; times < 10; times++) expect(refusedLabels([hostile], pattern)).toEqual([hostile]);
      // a matcher that tries one way after the other would need longer than the universe has been there
      expect((performance.now() - startedAt) / 10).toBeLessThan(500);
    },
  );
});

describe('labels for config.sh', () => {
  it('are the required and the requested ones; config.sh adds the rest', () =>
    expect(
      appraiseLabels(['gpu'], { requiredLabels: ['team-a'], permits: 'anything' }, 'registration_token')
        .labels,
    ).toEqual(['team-a', 'gpu']));
});

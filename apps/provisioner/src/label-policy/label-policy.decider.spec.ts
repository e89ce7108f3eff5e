import { describe, expect, it } from '@jest/globals';
import { decideConfiguredLabels, decideJitLabels } from './label-policy.decider.js';

const permitting = (...patterns: string[]) => ({ requiredLabels: [], permits: { patterns } });
const refusedLabels = (requested: string[], ...patterns: string[]) => {
  const decision = decideJitLabels(requested, permitting(...patterns));
  return 'refused' in decision ? decision.members.refused_labels : [];
};

describe('labels of a JIT runner', () => {
  it('are system, required and requested ones, in that order', () =>
    expect(
      decideJitLabels(['gpu', 'ubuntu-22.04'], { requiredLabels: ['team-a'], permits: 'anything' }),
    ).toEqual(['self-hosted', 'linux', 'x64', 'team-a', 'gpu', 'ubuntu-22.04']));

  it('name the system that was asked for', () =>
    expect(decideJitLabels(['macos', 'arm64'], permitting())).toEqual(['self-hosted', 'macos', 'arm64']));

  it('cannot name two systems', () =>
    expect(decideJitLabels(['linux', 'windows'], permitting())).toMatchObject({
      refused: 'request-invalid',
    }));

  it.each([
    ['gpu', ['gpu-prod-admin'], 'gpu', ['gpu-prod-admin']],
    ['an alternation stays anchored', ['a-anything', 'anything-b'], 'a|b', ['a-anything', 'anything-b']],
    ['dots are dots', ['cuda-11x8'], 'cuda-11\\.8', ['cuda-11x8']],
    ['a system label is the whole word', ['self-hosted-production'], 'gpu', ['self-hosted-production']],
    ['permitted in full', ['gpu', 'gpu-2'], 'gpu(-\\d+)?', []],
    ['case does not matter in a pattern', ['gpu'], 'GPU', []],
  ])('%s', (_, requested, pattern, expected) => expect(refusedLabels(requested, pattern)).toEqual(expected));

  it('nothing extra without a pattern', () => expect(refusedLabels(['gpu'])).toEqual(['gpu']));

  it('a hostile label costs nothing', () => {
    const hostile = `${'a'.repeat(255)}!`;
    expect(refusedLabels([hostile], '(a+)+$')).toEqual([hostile]);
  });
});

describe('labels for config.sh', () => {
  it('are the required and the requested ones; config.sh adds the rest', () =>
    expect(decideConfiguredLabels(['gpu'], { requiredLabels: ['team-a'], permits: 'anything' })).toEqual([
      'team-a',
      'gpu',
    ]));
});

import { describe, expect, it } from '@jest/globals';
import { readArguments, usage } from './arguments.js';

const known = ['hooks', 'memory'];

describe('the arguments', () => {
  it('are all scenarios when none is named', () => {
    expect(readArguments([], known)).toEqual({
      chosen: [],
      quick: false,
      profile: false,
      json: undefined,
      help: false,
    });
  });

  it('may name scenarios before or behind the options', () => {
    expect(readArguments(['--profile', 'hooks', '--json', 'out.json', '--quick'], known)).toMatchObject({
      chosen: ['hooks'],
      profile: true,
      quick: true,
      json: 'out.json',
    });
  });

  it('are refused with what there is', () => {
    expect(() => readArguments(['hocks'], known)).toThrow(
      'There is no scenario hocks. There are: hooks, memory.',
    );
    expect(() => readArguments(['--fast'], known)).toThrow(/--fast/);
  });

  it('are explained', () => {
    expect(usage([{ name: 'hooks', title: 'Deliveries' }])).toMatch(/^ {2}hooks +Deliveries$/m);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type CpuProfile, selfTimeOf } from './self-time.js';

const frame = (id: number, functionName: string, url = '', lineNumber = -1, children: number[] = []) => ({
  id,
  callFrame: { functionName, url, lineNumber },
  children,
});
const modules = 'file:///srv/rts/node_modules';

const profile: CpuProfile = {
  nodes: [
    frame(1, '(root)'),
    frame(2, '(idle)'),
    frame(3, 'parse', `${modules}/zod/v4/core/parse.js`, 9),
    frame(4, '', `${modules}/@grpc/grpc-js/node_modules/google-protobuf/reader.js`, 0),
    frame(5, 'decide', 'file:///srv/rts/dist/apps/provisioner/src/runner/runner.decider.js', 4),
    frame(6, 'onread', 'node:internal/stream_base_commons', 1, [8]),
    frame(7, '(garbage collector)'),
    frame(8, 'writev'),
    frame(10, 'post', 'node:inspector', 1),
    frame(11, 'runMicrotasks'),
    // called from elsewhere: another node, the same function
    frame(9, 'parse', `${modules}/zod/v4/core/parse.js`, 9),
  ],
  samples: [10, 2, 3, 9, 4, 5, 6, 7, 8, 11],
  timeDeltas: [500, 1500, 3000, 1000, 500, 500, 1000, 1000, 500, 500],
};

describe('the self time of a profile', () => {
  const selfTime = selfTimeOf(profile);

  it('leaves out when nothing was to be done, and the profiling itself', () => {
    expect(selfTime.busyMs).toBe(8);
    expect(selfTime.busyPercent).toBe(80);
  });

  it('is by function, wherever that was called from, the most first', () => {
    expect(selfTime.functions[0]).toEqual({ name: 'parse  core/parse.js:10', milliseconds: 4, percent: 50 });
    expect(selfTime.functions.map(({ name }) => name)).toContain('(anonymous)  google-protobuf/reader.js:1');
  });

  it('of native code names who called it', () => {
    const names = selfTime.functions.map(({ name }) => name);
    expect(names).toContain('writev, called by onread  node:internal/stream_base_commons:2');
    expect(names).toContain('runMicrotasks');
  });

  it('is by package: the innermost one, a part of Node, a folder of ours, or the engine', () => {
    expect(selfTime.packages.map(({ name, milliseconds }) => [name, milliseconds])).toEqual([
      ['zod', 4],
      ['node:stream_base_commons', 1.5],
      ['(garbage collector)', 1],
      ['google-protobuf', 0.5],
      ['apps/provisioner', 0.5],
      ['(native)', 0.5],
    ]);
  });

  it('of a process that only waited is nothing', () => {
    const idle = { nodes: [frame(2, '(idle)')], samples: [2], timeDeltas: [1000] };
    expect(selfTimeOf(idle)).toEqual({ busyPercent: 0, busyMs: 0, functions: [], packages: [] });
  });

  it('does not count backwards when the clock did', () => {
    expect(selfTimeOf({ ...profile, samples: [3, 3], timeDeltas: [-5, 100] }).busyMs).toBe(0.1);
  });
});

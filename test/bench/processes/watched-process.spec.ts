import { describe, expect, it } from '@jest/globals';
import { cpuSpent, mebibytes, memoryOf } from './watched-process.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const self = { name: 'self', pid: process.pid };

describe('a field of /proc', () => {
  it('is read in MiB, and not confused with a longer name', () => {
    expect(mebibytes('Pss_Dirty:  10 kB\nPss:        2048 kB\nRss:   4096 kB\n', 'Pss')).toBe(2);
    expect(() => mebibytes('Rss: 1 kB\n', 'Pss')).toThrow('there is no Pss');
  });
});

onLinux('a process that runs', () => {
  it('has memory: a part of what is resident is its own, and it was never smaller than its peak', () => {
    const memory = memoryOf(self);
    expect(memory?.pssMiB).toBeLessThanOrEqual(memory?.rssMiB ?? 0);
    expect(memory?.peakMiB).toBeGreaterThan(10);
  });

  it('has spent the time it was busy', async () => {
    const { cpu } = await cpuSpent([self], async () => {
      const before = process.cpuUsage();
      const spentMs = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
      while (spentMs(process.cpuUsage(before)) < 100);
    });
    expect(cpu.self).toBeGreaterThan(0.05);
  });

  it('is left out when it is gone', async () => {
    expect((await cpuSpent([{ name: 'gone', pid: 2 ** 30 }], async () => 1)).cpu).toEqual({});
  });
});

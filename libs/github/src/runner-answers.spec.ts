import { describe, expect, it } from '@jest/globals';
import { readJitConfig, readRunner, readRunnerPage, readToken } from './runner-answers.js';

const mbp = {
  id: 23,
  name: 'MBP',
  os: 'macos',
  status: 'online',
  busy: true,
  ephemeral: false,
  version: '2.323.0',
  runner_group_id: 1,
  labels: [
    { id: 5, name: 'self-hosted', type: 'read-only' },
    { id: 21, name: 'No-GPU', type: 'custom' },
  ],
};

describe('what GitHub answers about runners', () => {
  it('becomes a runner with lower-case labels of every type', () => {
    expect(readRunner(mbp)).toEqual({
      id: 23,
      name: 'MBP',
      os: 'macos',
      status: 'online',
      busy: true,
      labels: ['self-hosted', 'no-gpu'],
      ephemeral: false,
      runnerGroupId: 1,
    });
  });

  it('may lack what older servers do not send', () => {
    const { ephemeral, version, runner_group_id, ...old } = mbp;

    expect(readRunner(old)).not.toHaveProperty('runnerGroupId');
    expect(readRunner({ ...old, ephemeral: null })).not.toHaveProperty('ephemeral');
  });

  it('takes every status but online for offline', () => {
    expect(readRunner({ ...mbp, status: 'Online' })).toMatchObject({ status: 'online' });
    expect(readRunner({ ...mbp, status: 'something new' })).toMatchObject({ status: 'offline' });
  });

  it('gives a date in UTC whatever offset it was written with', () => {
    expect(readToken({ token: 'T', expires_at: '2020-01-22T12:13:35.123-08:00' })).toEqual({
      token: 'T',
      expiresAt: '2020-01-22T20:13:35.123Z',
    });
  });

  it.each([
    ['a runner', readRunner, { id: 1 }],
    ['a page', readRunnerPage, { total_count: 1, runners: [{ id: 1 }] }],
    ['a JIT config', readJitConfig, { runner: mbp }],
    ['a token', readToken, { token: 'T', expires_at: 'soon' }],
    ['a text', readRunner, '<html>unicorn</html>'],
  ])('is not believed when it is not %s', (_thing, read, data) => {
    expect(read(data)).toBeUndefined();
  });
});

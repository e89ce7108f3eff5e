import { describe, expect, it } from '@jest/globals';
import { appHookContract } from './app-hook.contract.js';
import { FakeAppHook } from './fake.app-hook.js';
import { refusals } from './refusals.js';

appHookContract('FakeAppHook', async () => {
  const hook = new FakeAppHook(2);
  for (let index = 0; index < 3; index += 1) await hook.deliver();
  hook.forget();
  return {
    hook,
    installationId: 7,
    receiverAnswers: (status) => hook.receives(() => status),
    announce: () => hook.deliver({ installationId: 7 }),
    close: async () => {},
  };
});

describe('FakeAppHook, disturbed', () => {
  it('refuses every call until it is told otherwise', async () => {
    const hook = new FakeAppHook();
    hook.fails(refusals.unavailable({ status: 502 }));
    await expect(hook.listDeliveries()).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(hook.redeliver('1')).rejects.toMatchObject({ reason: 'unavailable' });
    hook.fails(undefined);
    expect(await hook.listDeliveries()).toEqual({ deliveries: [] });
  });
});

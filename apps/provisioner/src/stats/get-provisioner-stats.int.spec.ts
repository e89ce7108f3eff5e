import { expect, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { onEachDatabase } from '#libs/testing';
import { askedBy, callerNamed, codeOf, ROOT, tenancyReplica } from '../testing/tenancy.js';
import { GetProvisionerStats, GetProvisionerStatsHandler } from './get-provisioner-stats.query.js';

jest.setTimeout(60_000);
Logger.overrideLogger(false);

onEachDatabase("the provisioner's figures", ({ test, newAddress, closing }) => {
  test('are how its views get on, for administrators alone', async () => {
    const { tenancy, view, users, origin, settled } = await tenancyReplica({ address: newAddress() });
    closing({ close: () => view.onApplicationShutdown() });
    const ann = callerNamed('ann');
    const rights = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
    const createdAt = new Date().toISOString();
    await users.create({ userId: ANN, ...rights, createdAt }, ann, origin());
    await settled();

    const handler = new GetProvisionerStatsHandler(tenancy, view);
    const asked = (caller: typeof ann) => handler.execute(new GetProvisionerStats(askedBy(caller, {})));
    expect(await codeOf(asked(ann))).toBe('admin-required');
    expect(await codeOf(asked(callerNamed('eve')))).toBe('user-not-authorized');
    const { projections } = await asked(ROOT);
    expect(projections.map(({ name, status }) => [name, status])).toEqual([
      ['membership', 'live'],
      ['runner-slots', 'live'],
      ['label-policies', 'live'],
      ['open-operation', 'live'],
    ]);
    for (const { position } of projections) expect(position).toMatch(/^\d+$/);
  });
});

const ANN = '00000000-0000-4000-8000-000000000001';

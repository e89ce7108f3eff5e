import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppHook, HookDelivery } from './app-hook.port.js';

/** One implementation of the port, two deliveries to the page, with a receiver behind it. */
export type AppHookUnderTest = {
  hook: AppHook;
  installationId: number;
  receiverAnswers: (status: number) => void;
  /** Something happens that GitHub tells the receiver. */
  announce: () => Promise<unknown>;
  close: () => Promise<void>;
};

const WITHIN_MS = 10_000;

/** What every implementation of the port must do. */
export const appHookContract = (implementation: string, start: () => Promise<AppHookUnderTest>): void => {
  describe(`${implementation} as the App's webhook`, () => {
    let subject: AppHookUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject?.close());

    const all = async (): Promise<HookDelivery[]> => {
      const listed: HookDelivery[] = [];
      let cursor: string | undefined;
      do {
        const page = await subject.hook.listDeliveries(cursor);
        listed.push(...page.deliveries);
        cursor = page.next;
      } while (cursor !== undefined);
      return listed;
    };
    const until = async (enough: (listed: HookDelivery[]) => boolean): Promise<HookDelivery[]> => {
      for (const giveUpAt = Date.now() + WITHIN_MS; ; ) {
        const listed = await all();
        if (enough(listed)) return listed;
        if (Date.now() > giveUpAt) throw new Error(`the list stays ${JSON.stringify(listed)}`);
      }
    };
    /** Once the list holds so many attempts more. */
    const announced = async (count: number): Promise<HookDelivery[]> => {
      const before = (await all()).length;
      for (let index = 0; index < count; index += 1) await subject.announce();
      return (await until((listed) => listed.length >= before + count)).slice(0, count);
    };

    it('lists what was delivered, page by page, the newest first, each once', async () => {
      subject.receiverAnswers(202);
      await announced(5);
      const listed = await all();
      expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
      const numbers = listed.map(({ id }) => Number(id));
      expect(numbers).toEqual([...numbers].sort((one, other) => other - one));
      expect((await subject.hook.listDeliveries()).deliveries).toHaveLength(2);
      expect(listed[0]).toMatchObject({
        event: 'workflow_job',
        statusCode: 202,
        installationId: subject.installationId,
      });
      expect(new Date(listed[0]?.deliveredAt ?? '').toISOString()).toBe(listed[0]?.deliveredAt);
    });

    it('delivers again under the same GUID when asked, and lists that beside the first attempt', async () => {
      subject.receiverAnswers(503);
      const [failed] = await announced(1);
      expect(failed).toMatchObject({ statusCode: 503 });
      subject.receiverAnswers(202);
      expect(await subject.hook.redeliver(failed?.id ?? '')).toBe('asked');
      const attempts = (listed: HookDelivery[]) => listed.filter(({ guid }) => guid === failed?.guid);
      const listed = await until((each) => attempts(each).length === 2);
      expect(attempts(listed).map(({ statusCode }) => statusCode)).toEqual([202, 503]);
    });

    it('says when there is nothing to deliver again', async () =>
      expect(await subject.hook.redeliver('1')).toBe('gone'));
  });
};

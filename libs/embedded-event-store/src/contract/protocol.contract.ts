import { EventStoreDBClient } from '@eventstore/db-client';
import { all, events, newStream } from '../testing/events.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

export const protocolContract = (server: () => ServerUnderTest): void => {
  describe('the server', () => {
    it('says which calls it has', async () => {
      const methods = await server().supportedMethods();
      expect(methods).toContain('event_store.client.streams.streams/batchappend');
      if (server().embedded) expect(methods.filter((method) => method.includes('persistent'))).toEqual([]);
    });

    it('ends calls it does not have UNIMPLEMENTED', async () => {
      if (!server().embedded) return;
      const { client } = server();
      await expect(client.listProjections()).rejects.toMatchObject({ code: 12 });
      await expect(client.deletePersistentSubscriptionToStream(newStream(), 'group')).rejects.toMatchObject({
        code: 12,
      });
    });

    it('is found by its gossip', async () => {
      const address = new URL(server().connectionString).host;
      // Reads only: pending appends are shared by all clients of a process.
      const client = EventStoreDBClient.connectionString(`esdb+discover://${address}?tls=false`);
      const stream = newStream();
      await server().client.appendToStream(stream, events(1));
      expect(await all(client.readStream(stream))).toHaveLength(1);
      await client.dispose();
    });
  });
};

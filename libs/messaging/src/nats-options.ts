import { ClientNats, type NatsOptions, Transport } from '@nestjs/microservices';
import type { AppName } from '#libs/contracts';
import { Bus } from './bus.js';

/**
 * `url` = `nats://user:password@host:port[,…]`. The client library takes the credentials apart from the address.
 */
const connection = (app: AppName, url: string) => {
  const addresses = url
    .split(',')
    .map((address) => new URL(address.includes('://') ? address : `nats://${address}`));
  const [first] = addresses;
  return {
    servers: addresses.map(({ host }) => host),
    ...(first?.username
      ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }
      : {}),
    name: app,
    /** Each app may read its own replies only. */
    inboxPrefix: `_INBOX_${app}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    waitOnFirstConnect: true,
  };
};

/** The answering side: the app's name is the queue group, so that replicas share the work. */
export const natsServer = (app: AppName, url: string): NatsOptions => ({
  transport: Transport.NATS,
  options: { ...connection(app, url), queue: app, gracefulShutdown: true, gracePeriod: 500 },
});

/** The asking side, not yet connected. */
export const natsBus = (app: AppName, url: string): Bus => new Bus(new ClientNats(connection(app, url)));

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import type { AppName } from '#libs/contracts';
import { Health, listenInternally, ProblemFilter } from '#libs/runtime';
import { natsServer } from './nats-options.js';

export type Doors = {
  NATS_URL: string;
  INTERNAL_HOST: string;
  INTERNAL_PORT: number;
  RUN_FILE?: string | undefined;
};

/** Opens the doors of an app that answers questions: the bus, and HTTP for health, metrics and pages. */
export const openDoors = async (app: NestFastifyApplication, name: AppName, doors: Doors): Promise<void> => {
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter('urn:rts'));
  app.enableShutdownHooks();
  const bus = app.connectMicroservice(natsServer(name, doors.NATS_URL));
  app.get(Health).register('bus', async () => {
    await bus.unwrap<{ rtt(): Promise<number> }>().rtt();
    return { status: 'up' };
  });
  // handlers are known to the command bus from here on; a message that came earlier would find none
  await app.init();
  await app.startAllMicroservices();
  await listenInternally(app, name, doors);
};

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { natsServer } from '#libs/messaging';
import {
  endWithParent,
  internalAdapter,
  listenInternally,
  ProblemFilter,
  runMain,
  surviveStrayRejections,
} from '#libs/runtime';
import { readSyncConfig, type SyncConfig } from './sync.config.js';
import { SyncModule } from './sync.module.js';

export const bootstrap = async (config: SyncConfig): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(SyncModule.with(config), internalAdapter(), {
    bufferLogs: true,
  });
  await start(app, config);
  return app;
};

/** Opens the doors: the bus for deliveries, HTTP for health and metrics. */
export const start = async (app: NestFastifyApplication, config: SyncConfig): Promise<void> => {
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter('urn:rts'));
  app.enableShutdownHooks();
  app.connectMicroservice(natsServer('sync', config.NATS_URL));
  // handlers are known to the command bus from here on; a message that came earlier would find none
  await app.init();
  await app.startAllMicroservices();
  await listenInternally(app, 'sync', config);
};

runMain(import.meta.url, async () => {
  const config = readSyncConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

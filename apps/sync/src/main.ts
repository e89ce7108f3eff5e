import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '#libs/messaging';
import { endWithParent, internalAdapter, runMain, surviveStrayRejections } from '#libs/runtime';
import { readSyncConfig, type SyncConfig } from './sync.config.js';
import { SyncModule } from './sync.module.js';

export const bootstrap = async (config: SyncConfig): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(SyncModule.with(config), internalAdapter(), {
    bufferLogs: true,
  });
  await openDoors(app, 'sync', config);
  return app;
};

runMain(import.meta.url, async () => {
  const config = readSyncConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

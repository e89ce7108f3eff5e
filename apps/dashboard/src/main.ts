import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '#libs/messaging';
import { endWithParent, internalAdapter, runMain, surviveStrayRejections } from '#libs/runtime';
import { type DashboardConfig, readDashboardConfig } from './dashboard.config.js';
import { DashboardModule } from './dashboard.module.js';

export const bootstrap = async (config: DashboardConfig): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(
    DashboardModule.with(config),
    internalAdapter(),
    {
      bufferLogs: true,
    },
  );
  await openDoors(app, 'dashboard', config);
  return app;
};

runMain(import.meta.url, async () => {
  const config = readDashboardConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { natsServer } from '#libs/messaging';
import {
  endWithParent,
  Health,
  internalAdapter,
  listenInternally,
  ProblemFilter,
  runMain,
  surviveStrayRejections,
} from '#libs/runtime';
import { type DashboardConfig, readDashboardConfig } from './dashboard.config.js';
import { DashboardModule } from './dashboard.module.js';

export const bootstrap = async (config: DashboardConfig): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(
    DashboardModule.with(config),
    internalAdapter(),
    { bufferLogs: true },
  );
  await start(app, config);
  return app;
};

/** Opens the doors: HTTP for pages, the bus for questions. */
export const start = async (app: NestFastifyApplication, config: DashboardConfig): Promise<void> => {
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter('urn:rts'));
  app.enableShutdownHooks();
  const bus = app.connectMicroservice(natsServer('dashboard', config.NATS_URL));
  app.get(Health).register('bus', async () => {
    await bus.unwrap<{ rtt(): Promise<number> }>().rtt();
    return { status: 'up' };
  });
  await app.startAllMicroservices();
  await listenInternally(app, 'dashboard', config);
};

runMain(import.meta.url, async () => {
  const config = readDashboardConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

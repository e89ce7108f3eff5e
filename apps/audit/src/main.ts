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
import { type AuditConfig, readAuditConfig } from './audit.config.js';
import { AuditModule } from './audit.module.js';

export const bootstrap = async (config: AuditConfig): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(AuditModule.with(config), internalAdapter(), {
    bufferLogs: true,
  });
  await start(app, config);
  return app;
};

/** Opens the doors: the bus for questions, HTTP for health and metrics. */
export const start = async (app: NestFastifyApplication, config: AuditConfig): Promise<void> => {
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter('urn:rts'));
  app.enableShutdownHooks();
  const bus = app.connectMicroservice(natsServer('audit', config.NATS_URL));
  app.get(Health).register('bus', async () => {
    await bus.unwrap<{ rtt(): Promise<number> }>().rtt();
    return { status: 'up' };
  });
  await app.startAllMicroservices();
  await listenInternally(app, 'audit', config);
};

runMain(import.meta.url, async () => {
  const config = readAuditConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

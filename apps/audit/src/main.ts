import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '#libs/messaging';
import { endWithParent, internalAdapter, runMain, surviveStrayRejections } from '#libs/runtime';
import { type AuditConfig, readAuditConfig } from './audit.config.js';
import { AuditModule } from './audit.module.js';

export const bootstrap = async (config: AuditConfig): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(AuditModule.with(config), internalAdapter(), {
    bufferLogs: true,
  });
  await openDoors(app, 'audit', config);
  return app;
};

runMain(import.meta.url, async () => {
  const config = readAuditConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

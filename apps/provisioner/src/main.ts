import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDoors } from '#libs/messaging';
import { endWithParent, internalAdapter, runMain, surviveStrayRejections } from '#libs/runtime';
import { type ProvisionerConfig, readProvisionerConfig } from './provisioner.config.js';
import { ProvisionerModule } from './provisioner.module.js';

export const bootstrap = async (config: ProvisionerConfig): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(
    ProvisionerModule.with(config),
    internalAdapter(),
    {
      bufferLogs: true,
    },
  );
  await openDoors(app, 'provisioner', config);
  return app;
};

runMain(import.meta.url, async () => {
  const config = readProvisionerConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

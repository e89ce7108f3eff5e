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
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter('urn:rts'));
  app.enableShutdownHooks();
  app.connectMicroservice(natsServer('provisioner', config.NATS_URL));
  await app.startAllMicroservices();
  await listenInternally(app, 'provisioner', config);
  return app;
};

runMain(import.meta.url, async () => {
  const config = readProvisionerConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import {
  endWithParent,
  Health,
  internalAdapter,
  listenInternally,
  runMain,
  surviveStrayRejections,
} from '#libs/runtime';
import { createGateway } from './gateway.app.js';
import { type GatewayConfig, readGatewayConfig } from './gateway.config.js';
import { InternalModule } from './internal.module.js';

export const bootstrap = async (config: GatewayConfig): Promise<void> => {
  const gateway = await createGateway(config);
  gateway.enableShutdownHooks();
  await gateway.listen(config.SERVICE_PORT, config.SERVICE_HOST);

  const internal = await NestFactory.create<NestFastifyApplication>(
    InternalModule.with(gateway.get(Health)),
    internalAdapter(),
    { logger: gateway.get(Logger) },
  );
  internal.enableShutdownHooks();
  await listenInternally(internal, 'gateway', config);
};

runMain(import.meta.url, async () => {
  const config = readGatewayConfig(process.env);
  surviveStrayRejections();
  endWithParent(config.EXIT_WITH_PARENT);
  await bootstrap(config);
});

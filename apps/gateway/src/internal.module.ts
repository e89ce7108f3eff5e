import { type DynamicModule, Module } from '@nestjs/common';
import { Health, HealthHttpController, MetricsHttpController } from '#libs/runtime';

/** The gateway's other door, for operators only: metrics are never on the public one. */
@Module({})
export class InternalModule {
  static with(health: Health): DynamicModule {
    return {
      module: InternalModule,
      controllers: [HealthHttpController, MetricsHttpController],
      providers: [{ provide: Health, useValue: health }],
    };
  }
}

import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Health } from './health.js';
import { Public } from './public.decorator.js';

@Public()
@Controller('health')
export class HealthHttpController {
  constructor(private readonly health: Health) {}

  @Get(['', 'live'])
  live() {
    return { status: 'live', version: this.health.version };
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply) {
    const report = await this.health.ready();
    return reply.status(report.status === 'ready' ? 200 : 503).send(report);
  }
}

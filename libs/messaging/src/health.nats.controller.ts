import { Controller, type Type, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { subjects } from '#libs/contracts';
import { Health } from '#libs/runtime';
import { ProblemReplyFilter } from './problem-reply.filter.js';

type HealthSubject = (typeof subjects)['provisionerHealth'];

/** Answers whether this app is ready; each app has its own subject. */
export const healthNatsController = ({ subject }: HealthSubject): Type => {
  @Controller()
  @UseFilters(ProblemReplyFilter)
  class HealthNatsController {
    constructor(readonly health: Health) {}

    @MessagePattern(subject)
    ready(@Payload() _: unknown) {
      return this.health.ready();
    }
  }
  return HealthNatsController;
};

import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '#libs/contracts';
import { PassedCaller } from '../caller/passed-caller.js';
import { EVENT_STREAM_HEADERS } from '../event-stream/event-stream.js';
import { readLastEventId } from '../event-stream/last-event-id.js';
import { RunnerFeed } from './runner-feed.js';

/** Behind the gateway's `/api/v1/runners/events`. */
@Controller('runners/events')
export class FeedHttpController {
  constructor(private readonly feed: RunnerFeed) {}

  @Get()
  async follow(
    @PassedCaller() caller: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() { method }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = await this.feed.beginningFor(caller, readLastEventId(lastEventId));
    if (method === 'HEAD') {
      reply.headers(EVENT_STREAM_HEADERS).send();
      return;
    }
    reply.hijack();
    this.feed.open(reply.raw, caller, after);
  }
}

import type { ServerResponse } from 'node:http';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Problem } from '#libs/contracts';
import { FleetView } from '../fleet/fleet-view.js';
import { type Fragment, LiveStream } from './live-stream.js';

/** All pages that are open now, here. */
@Injectable()
export class LivePages implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('pages');
  private readonly streams = new Set<LiveStream>();
  private stopListening = () => {};

  constructor(private readonly fleet: FleetView) {}

  /** Facts about runners change rows; facts about members change who may see them, or look at all. */
  onModuleInit(): void {
    this.stopListening = this.fleet.onChange(() => {
      for (const stream of this.streams) stream.touch();
    });
  }

  open(out: ServerResponse, render: () => Promise<Fragment>): void {
    const stream = new LiveStream(out, render, (error) => {
      this.streams.delete(stream);
      if (error && !(error instanceof Problem)) this.logger.warn({ err: error }, 'a live page has ended');
    });
    this.streams.add(stream);
    stream.touch();
  }

  /** Before the server closes: it waits for open connections. */
  onModuleDestroy(): void {
    this.stopListening();
    for (const stream of this.streams) stream.end();
  }
}

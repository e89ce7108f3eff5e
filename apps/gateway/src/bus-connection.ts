import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Bus } from '#libs/messaging';

const PAUSE_MS = 500;

/** Connects the bus with the app's life; the bus may come up later than we do. */
@Injectable()
export class BusConnection implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('bus');
  private stopped = false;

  constructor(private readonly bus: Bus) {}

  onApplicationBootstrap(): void {
    void this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.bus.close();
  }

  private async connect(): Promise<void> {
    while (!this.stopped) {
      try {
        return await this.bus.connect();
      } catch (error) {
        this.logger.warn({ err: error }, 'the bus cannot be reached; trying again');
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }
}

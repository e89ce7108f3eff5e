import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Counter, register } from 'prom-client';
import type { Database } from '#libs/read-model';
import { DATABASE, SLOT_CHECK_INTERVAL_MS } from '../provisioner.tokens.js';
import { SlotCheck } from './slot-check.js';
import { takeTurn } from './turn.js';

/** How often a replica asks whether it is its turn. */
const ASK_MS = 60_000;
const METRIC = 'rts_slots_repaired_total';

/** Has slots compared with runners now and then, on one replica at a time. */
@Injectable()
export class SlotCheckJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('slots');
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly check: SlotCheck,
    /** 0 = never. */
    @Inject(SLOT_CHECK_INTERVAL_MS) private readonly everyMs: number,
  ) {}

  onApplicationBootstrap(): void {
    if (this.everyMs === 0) return;
    this.timer = setInterval(
      () => {
        this.running ??= this.runIfDue(new Date()).finally(() => {
          this.running = undefined;
        });
      },
      Math.min(ASK_MS, this.everyMs),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.running;
  }

  /** What fails is tried again at the next turn. */
  async runIfDue(now: Date): Promise<void> {
    try {
      if (!(await takeTurn(this.database, 'slot-check', { now: now.getTime(), everyMs: this.everyMs })))
        return;
      const repaired = await this.check.run(now, this.stopping.signal);
      if (repaired === 0) return;
      repairs().inc(repaired);
      this.logger.warn({ repaired }, 'slots did not fit their runners and were set right');
    } catch (error) {
      this.logger.warn({ err: error }, 'slots could not be compared with runners; it is tried again');
    }
  }
}

const repairs = (): Counter =>
  (register.getSingleMetric(METRIC) as Counter | undefined) ??
  new Counter({ name: METRIC, help: 'Slots that did not fit their runners and were set right' });

import { randomUUID } from 'node:crypto';
import type { SwitchValues } from '../admin/switch-values.js';
import type { Clock } from '../clock.js';
import type { Observer } from '../observer.js';
import type { Delivery, DeliveryLog, DeliveryOutcome, HookEvent } from './delivery-log.js';
import type { HookConfiguration } from './hook-config.js';
import { post } from './post.js';
import { type Sender, signedRequest } from './signed-request.js';

export interface HookSenderParts {
  log: DeliveryLog;
  config: HookConfiguration;
  sender: () => Sender;
  clock: Clock;
  switches: () => SwitchValues['hooks'];
  observer: Observer | undefined;
  onError: (error: unknown) => void;
}

/** Connections to the receiver at the same time. */
const mostAtOnce = 32;

/**
 * Sends events to the App's webhook: once each, in no promised order, never again by itself. An event is
 * in the log before it is sent, so a restart sends what was still on its way.
 */
export class HookSender {
  /** What the switches have done to hooks since the start. */
  readonly disturbed = { dropped: 0, duplicated: 0, repeated: 0 };
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly queue: Delivery[] = [];
  private readonly sending = new Set<Promise<void>>();
  private stopped = false;
  private logClosed = false;

  constructor(private readonly parts: HookSenderParts) {}

  /** Takes up what the last run left on its way. */
  resume(): void {
    for (const delivery of this.parts.log.unfinished()) this.enqueue(delivery);
  }

  announce(event: Omit<HookEvent, 'guid'>): void {
    const { config, switches, log } = this.parts;
    const { drop_rate, duplicate_rate, repeat_rate, delay_ms, shuffle_ms } = switches();
    if (!config.current.url) return;
    if (Math.random() < drop_rate) {
      this.disturbed.dropped += 1;
      return;
    }
    const original = { ...event, guid: randomUUID() };
    const deliveries = [log.add(original, false)];
    if (Math.random() < duplicate_rate) {
      this.disturbed.duplicated += 1;
      deliveries.push(log.add({ ...event, guid: randomUUID() }, false));
    }
    if (Math.random() < repeat_rate) {
      this.disturbed.repeated += 1;
      deliveries.push(log.add(original, true));
    }
    for (const delivery of deliveries) this.enqueueIn(delay_ms + Math.random() * shuffle_ms, delivery);
  }

  /** The same event again, under the same GUID. */
  redeliver({ guid, event, action, repositoryId, payload }: Delivery): void {
    this.enqueue(this.parts.log.add({ guid, event, action, repositoryId, payload }, true));
  }

  /** What is delayed stays in the log and is sent by the next run. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.race([
      Promise.all(this.sending),
      new Promise((resolve) => setTimeout(resolve, 1000).unref()),
    ]);
    this.logClosed = true;
  }

  private enqueueIn(ms: number, delivery: Delivery): void {
    if (ms < 1) {
      this.enqueue(delivery);
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.enqueue(delivery);
    }, ms);
    this.timers.add(timer);
  }

  private enqueue(delivery: Delivery): void {
    this.queue.push(delivery);
    this.pump();
  }

  private pump(): void {
    while (!this.stopped && this.sending.size < mostAtOnce) {
      const next = this.queue.shift();
      if (!next) return;
      const sent = this.send(next)
        .catch(this.parts.onError)
        .finally(() => {
          this.sending.delete(sent);
          this.pump();
        });
      this.sending.add(sent);
    }
  }

  private async send(delivery: Delivery): Promise<void> {
    const { config, sender, log, clock, switches, observer } = this.parts;
    const { url, insecure_ssl } = config.current;
    const { headers, body } = signedRequest(delivery, config.current, sender());
    observer?.sending({ headers, body: body.toString('utf8') });
    const started = performance.now();
    const outcome = await post(url, headers, body, {
      timeoutMs: switches().timeout_ms,
      checkCertificate: insecure_ssl !== '1',
    }).then(
      ({ statusCode, headers: responseHeaders, body: responseBody }) => ({
        statusCode,
        status: statusCode >= 200 && statusCode < 300 ? 'OK' : `Invalid HTTP Response: ${statusCode}`,
        responseHeaders,
        responseBody,
      }),
      (error: Error) => ({
        statusCode: 0,
        status:
          error.name === 'TimeoutError' || error.name === 'AbortError'
            ? 'timed out'
            : 'failed to connect to host',
        responseHeaders: {},
        responseBody: null,
      }),
    );
    if (this.logClosed) return;
    const whole: DeliveryOutcome = {
      ...outcome,
      duration: Math.round(performance.now() - started) / 1000,
      url,
      requestHeaders: headers,
    };
    log.finish(delivery.id, clock.ms(), whole);
  }
}

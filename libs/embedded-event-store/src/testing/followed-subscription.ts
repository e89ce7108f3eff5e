import type { AllStreamSubscription, ResolvedEvent, StreamSubscription } from '@eventstore/db-client';

type Subscription = StreamSubscription | AllStreamSubscription;

/** What a subscription said so far, and a way to wait for more. */
export interface FollowedSubscription {
  readonly received: readonly ResolvedEvent[];
  /** `event <revision>`, `caughtUp`, `confirmation`, `error <type>`, in order. */
  readonly log: readonly string[];
  until(reached: () => boolean): Promise<void>;
  unsubscribe(): Promise<void>;
}

const PATIENCE = 8000;

export const follow = (subscription: Subscription): FollowedSubscription => {
  const received: ResolvedEvent[] = [];
  const log: string[] = [];
  const watchers = new Set<() => void>();
  const note = (entry: string): void => {
    log.push(entry);
    for (const watch of watchers) watch();
  };
  const wired: NodeJS.EventEmitter = subscription;
  wired.on('confirmation', () => note('confirmation'));
  wired.on('caughtUp', () => note('caughtUp'));
  wired.on('data', (resolved: ResolvedEvent) => {
    received.push(resolved);
    note(`event ${resolved.event?.revision}`);
  });
  wired.on('error', (error: { type?: string }) => note(`error ${error.type}`));
  return {
    received,
    log,
    until: (reached) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!reached()) return;
          clearTimeout(timeout);
          watchers.delete(watch);
          resolve();
        };
        const timeout = setTimeout(() => {
          watchers.delete(watch);
          reject(new Error(`Waited in vain; so far: ${log.slice(-20).join(', ')}`));
        }, PATIENCE);
        watchers.add(watch);
        watch();
      }),
    unsubscribe: () => subscription.unsubscribe(),
  };
};

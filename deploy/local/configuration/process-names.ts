/** The five services. */
export const appNames = ['gateway', 'provisioner', 'sync', 'audit', 'dashboard'] as const;
export type AppName = (typeof appNames)[number];

/** Every process of an installation on one machine, in the order of starting. */
export const processNames = ['nats', 'event-store', 'simulator', ...appNames] as const;
export type ProcessName = (typeof processNames)[number];

/** Our own programs; `nats` is not one. */
export type OwnProcessName = Exclude<ProcessName, 'nats'>;

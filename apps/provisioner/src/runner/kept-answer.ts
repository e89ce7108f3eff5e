import type { RunnerProvisioned } from '#libs/contracts';

/** What a repeat of a provisioning is answered with; where the log stands is found out then. */
export type KeptAnswer = Omit<RunnerProvisioned, 'position'>;

/** Told of an answer before it is recorded as given. */
export type Keep = (answer: KeptAnswer) => Promise<void>;

export const nothingKept: Keep = async () => {};

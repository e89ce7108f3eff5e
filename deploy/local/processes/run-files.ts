import type { DataDirectory } from '../state/data-directory.js';

/** What a process says about itself once it listens; some add an address of their own. */
export interface RunFile {
  readonly app: string;
  readonly pid: number;
  readonly internal_url: string;
  readonly [extra: string]: unknown;
}

/** The run file of a process that has this pid; undefined while it has not written one. */
export function readRunFile(data: DataDirectory, name: string, pid: number | undefined): RunFile | undefined {
  const { app, pid: writer, internal_url, ...extras } = data.readJson(data.runFile(name)) ?? {};
  if (typeof writer !== 'number' || writer !== pid || typeof internal_url !== 'string') return undefined;
  return { ...extras, app: String(app), pid: writer, internal_url };
}

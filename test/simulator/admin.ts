import type { StartedSimulator } from './src/index.js';

/** Asks a simulator what only tests ask: `/_simulator/…`. Throws on anything but success. */
export const admin = async <Body = Record<string, unknown>>(
  { url }: StartedSimulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<Body> => {
  const answer = await fetch(`${url}/_simulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  return JSON.parse(text === '' ? '{}' : text);
};

export interface QueuedJob {
  id: number;
  run_id: number;
  run_attempt: number;
  status: string;
}

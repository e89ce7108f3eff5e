import { z } from 'zod';
import type { GithubRunner, JitConfig, RunnerToken } from './github.port.js';

/**
 * The parts of GitHub's answers that are read, and no more: unknown fields are ignored, fields that older servers
 * do not send are optional. A reader answers `undefined` for what is not the thing it reads.
 * https://docs.github.com/rest/actions/self-hosted-runners
 */
const runnerSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  os: z.string().nullish(),
  status: z.string(),
  busy: z.boolean(),
  labels: z.array(z.object({ name: z.string() })),
  ephemeral: z.boolean().nullish(),
  runner_group_id: z.number().int().nullish(),
});

const pageSchema = z.object({ total_count: z.number().int(), runners: z.array(runnerSchema) });
const jitConfigSchema = z.object({ runner: runnerSchema, encoded_jit_config: z.string().min(1) });
const tokenSchema = z.object({ token: z.string().min(1), expires_at: z.string() });

export type RunnerPage = { totalCount: number; runners: GithubRunner[] };

export const readRunner = (data: unknown): GithubRunner | undefined => {
  const answer = runnerSchema.safeParse(data);
  return answer.success ? runnerFrom(answer.data) : undefined;
};

export const readRunnerPage = (data: unknown): RunnerPage | undefined => {
  const answer = pageSchema.safeParse(data);
  if (!answer.success) return undefined;
  return { totalCount: answer.data.total_count, runners: answer.data.runners.map(runnerFrom) };
};

export const readJitConfig = (data: unknown): JitConfig | undefined => {
  const answer = jitConfigSchema.safeParse(data);
  if (!answer.success) return undefined;
  return { runner: runnerFrom(answer.data.runner), encodedJitConfig: answer.data.encoded_jit_config };
};

/** GitHub dates these tokens with an offset and milliseconds: `2020-01-22T12:13:35.123-08:00`. */
export const readToken = (data: unknown): RunnerToken | undefined => {
  const answer = tokenSchema.safeParse(data);
  if (!answer.success) return undefined;
  const expiresAt = new Date(answer.data.expires_at);
  if (Number.isNaN(expiresAt.getTime())) return undefined;
  return { token: answer.data.token, expiresAt: expiresAt.toISOString() };
};

/** A label's `type` is left out: GitHub gives the same label now one type, now another. */
const runnerFrom = ({
  id,
  name,
  os,
  status,
  busy,
  labels,
  ephemeral,
  runner_group_id,
}: z.infer<typeof runnerSchema>): GithubRunner => ({
  id,
  name,
  os: os ?? 'unknown',
  status: status.toLowerCase() === 'online' ? 'online' : 'offline',
  busy,
  labels: labels.map((label) => label.name.toLowerCase()),
  ...(typeof ephemeral === 'boolean' ? { ephemeral } : {}),
  ...(typeof runner_group_id === 'number' ? { runnerGroupId: runner_group_id } : {}),
});

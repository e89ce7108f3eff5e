import { z } from 'zod';
import {
  instant,
  type RunnerProvisioned,
  type RunnerView,
  runnerState,
  runnerStatus,
  type TimelineEntry,
  uuid,
} from '#libs/contracts';
import { toSnakeCase } from '../http/snake-case.js';

/** `Runner` of the public contract. */
export const runnerSchema = z.object({
  runner_id: uuid,
  runner_name: z.string(),
  status: runnerStatus,
  state: runnerState,
  github_runner_id: z.int().optional(),
  runner_group_id: z.int(),
  labels: z.array(z.string()),
  ephemeral: z.boolean(),
  provisioning_method: z.enum(['jit', 'registration_token']),
  provisioned_by: z.string().describe('E-mail, else issuer|subject'),
  team_id: uuid.optional(),
  team_name: z.string().optional(),
  github_url: z.string(),
  created_at: instant,
  updated_at: instant,
  registered_at: instant.optional(),
  last_seen_at: instant.optional(),
  deleted_at: instant.optional(),
  deletion_reason: z.string().optional(),
  current_job: z
    .object({
      repository: z.string(),
      workflow_name: z.string().nullable(),
      job_name: z.string(),
      run_id: z.int(),
      run_attempt: z.int(),
      html_url: z.string(),
      started_at: instant,
    })
    .optional(),
});

export const runnerWithTimelineSchema = runnerSchema.extend({
  timeline: z.array(z.object({ type: z.string(), at: instant, actor: z.string(), summary: z.string() })),
});

export const runnerListResponseSchema = z.object({ runners: z.array(runnerSchema), total: z.int() });

export const jitResponseSchema = z.object({
  runner_id: uuid,
  runner_name: z.string(),
  encoded_jit_config: z.string().describe('Secret: whoever has it is the runner. Shown once.'),
  labels: z.array(z.string()),
  expires_at: instant,
  run_command: z.string(),
});

export const registrationTokenResponseSchema = z.object({
  runner_id: uuid,
  runner_name: z.string(),
  registration_token: z.string().describe('Secret. Shown once.'),
  expires_at: instant,
  github_url: z.string(),
  runner_group_id: z.int(),
  ephemeral: z.boolean(),
  labels: z.array(z.string()),
  configuration_command: z.string(),
});

export const deletionResponseSchema = z.object({
  runner_id: uuid,
  runner_name: z.string(),
  success: z.boolean(),
  message: z.string(),
});

export const runnerResponse = (runner: RunnerView): unknown => toSnakeCase(runner);

export const runnerWithTimelineResponse = (runner: RunnerView, timeline: TimelineEntry[]): unknown =>
  toSnakeCase({ ...runner, timeline });

export const jitResponse = ({ runnerId, runnerName, labels, expiresAt, secret }: RunnerProvisioned) => {
  const encodedJitConfig = 'encodedJitConfig' in secret ? secret.encodedJitConfig : '';
  return {
    runner_id: runnerId,
    runner_name: runnerName,
    encoded_jit_config: encodedJitConfig,
    labels,
    expires_at: expiresAt,
    run_command: `./run.sh --jitconfig ${encodedJitConfig}`,
  };
};

export const registrationTokenResponse = (provisioned: RunnerProvisioned) => {
  const { runnerId, runnerName, labels, expiresAt, githubUrl, runnerGroupId, ephemeral, secret } =
    provisioned;
  const registrationToken = 'registrationToken' in secret ? secret.registrationToken : '';
  return {
    runner_id: runnerId,
    runner_name: runnerName,
    registration_token: registrationToken,
    expires_at: expiresAt,
    github_url: githubUrl,
    runner_group_id: runnerGroupId,
    ephemeral,
    labels,
    configuration_command: configurationCommand(provisioned, registrationToken),
  };
};

/** What to type on the runner's host; every part has passed a pattern that needs no quoting. */
const configurationCommand = (
  { githubUrl, runnerName, labels, ephemeral, disableUpdate }: RunnerProvisioned,
  token: string,
): string =>
  [
    `./config.sh --url ${githubUrl} --token ${token} --name ${runnerName}`,
    labels.length > 0 ? ` --labels ${labels.join(',')}` : '',
    ' --unattended',
    ephemeral ? ' --ephemeral' : '',
    disableUpdate ? ' --disableupdate' : '',
  ].join('');

import { z } from 'zod';
import {
  instant,
  type RegistrationTokenRenewed,
  type RunnerDeprovisioned,
  type RunnerProvisioned,
  uuid,
} from '#libs/contracts';

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

export const jitResponse = ({
  runnerId,
  runnerName,
  labels,
  expiresAt,
  secret,
}: RunnerProvisioned): z.infer<typeof jitResponseSchema> => {
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

export const registrationTokenResponse = (
  provisioned: RunnerProvisioned,
): z.infer<typeof registrationTokenResponseSchema> => {
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

export const renewedTokenResponseSchema = z.object({
  registration_token: z.string().describe('Secret, for `config.sh`. Shown once.'),
  removal_token: z
    .string()
    .describe(
      'Secret, for `config.sh remove`. Shown once. GitHub takes it for any runner of the organisation.',
    ),
  expires_at: instant.describe('When the earlier of the two ends, an hour after issue.'),
});

export const renewedTokenResponse = ({
  expiresAt,
  secret: { registrationToken, removalToken },
}: RegistrationTokenRenewed): z.infer<typeof renewedTokenResponseSchema> => ({
  registration_token: registrationToken,
  removal_token: removalToken,
  expires_at: expiresAt,
});

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

export const deletionResponseSchema = z.object({
  runner_id: uuid,
  runner_name: z.string(),
  success: z.boolean(),
  message: z.string(),
});

export const deletionResponse = ({
  runnerId,
  runnerName,
  confirmed,
}: Omit<RunnerDeprovisioned, 'position'>): z.infer<typeof deletionResponseSchema> => ({
  runner_id: runnerId,
  runner_name: runnerName,
  success: true,
  message: confirmed
    ? `The runner ${runnerName} is deleted at GitHub.`
    : `The runner ${runnerName} is being deleted; GitHub has not confirmed yet.`,
});

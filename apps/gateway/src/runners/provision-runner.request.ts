import { z } from 'zod';
import { type ProvisionRunner, runnerName, uuid } from '#libs/contracts';
import { amongFields } from '../http/among-fields.js';

const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$/;

/** One custom label; trimmed, lower-cased as GitHub does. */
const label = z
  .string()
  .trim()
  .regex(LABEL, 'must be 1 to 256 characters of A-Z a-z 0-9 . _ - and begin with a letter or digit')
  .transform((text) => text.toLowerCase());

const workFolder = z
  .string()
  .min(1)
  .max(255)
  .refine((folder) => !/^([/\\]|[A-Za-z]:)/.test(folder), 'must be relative to the folder of the runner')
  .refine((folder) => !folder.split(/[/\\]/).includes('..'), 'must not contain ..')
  .refine((folder) => !/[\p{Cc}]/u.test(folder), 'must not contain control characters');

/** Names that are routes of their own. */
const RESERVED = ['jit', 'provision', 'events'];

const common = {
  runner_name: runnerName
    .refine((name) => !RESERVED.includes(name.toLowerCase()), `must not be one of ${RESERVED.join(', ')}`)
    .optional()
    .describe('The whole name; else give runner_name_prefix'),
  runner_name_prefix: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/,
      'must be 1 to 50 characters of A-Z a-z 0-9 . _ - and begin with a letter or digit',
    )
    .optional()
    .describe('Beginning of the name; - and six random characters are added'),
  labels: z
    .array(label)
    .max(50)
    .default([])
    .transform((labels) => [...new Set(labels)]),
  runner_group_id: z.int().min(1).optional(),
  work_folder: workFolder.default('_work'),
  team_id: uuid.optional(),
};

const exactlyOneName = ({ runner_name: name, runner_name_prefix: prefix }: Record<string, unknown>) =>
  (name === undefined) !== (prefix === undefined);
const oneName = {
  ...amongFields,
  path: ['runner_name'],
  message: 'give either runner_name or runner_name_prefix',
};

export const jitRequestSchema = z
  .strictObject(common)
  .refine(exactlyOneName, oneName)
  .meta({ example: { runner_name_prefix: 'gpu-worker', labels: ['gpu', 'ubuntu-22.04'] } });

export const registrationTokenRequestSchema = z
  .strictObject({
    ...common,
    ephemeral: z.boolean().default(true),
    disable_update: z.boolean().default(false),
  })
  .refine(exactlyOneName, oneName)
  .meta({ example: { runner_name: 'gpu-worker-001', labels: ['gpu'], ephemeral: true } });

export type JitRequest = z.infer<typeof jitRequestSchema>;
export type RegistrationTokenRequest = z.infer<typeof registrationTokenRequestSchema>;

export const provisionRunnerFrom = (
  runnerId: string,
  provisioningMethod: ProvisionRunner['provisioningMethod'],
  request: JitRequest & Partial<RegistrationTokenRequest>,
): ProvisionRunner => ({
  runnerId,
  provisioningMethod,
  labels: request.labels,
  workFolder: request.work_folder,
  ephemeral: request.ephemeral ?? true,
  disableUpdate: request.disable_update ?? false,
  ...(request.runner_name === undefined ? {} : { runnerName: request.runner_name }),
  ...(request.runner_name_prefix === undefined ? {} : { runnerNamePrefix: request.runner_name_prefix }),
  ...(request.runner_group_id === undefined ? {} : { runnerGroupId: request.runner_group_id }),
  ...(request.team_id === undefined ? {} : { teamId: request.team_id }),
});

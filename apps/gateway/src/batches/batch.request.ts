import { z } from 'zod';
import { runBatchSchema } from '#libs/contracts';
import { amongFields } from '../http/among-fields.js';

const {
  comment,
  userIds,
  runnerIds,
  teamIds,
  userIdentity,
  teamId,
  all,
  includeAdmins,
  removeRunners,
  dryRun,
} = runBatchSchema.shape;
const common = {
  comment,
  all: all.describe('Really all'),
  dry_run: dryRun.describe('Says what would happen'),
};

type Chosen = Record<string, unknown>;
const meansSomebody = (request: Chosen) =>
  request.all === true ||
  ['user_ids', 'runner_ids', 'team_ids'].some(
    (ids) => Array.isArray(request[ids]) && request[ids].length > 0,
  ) ||
  request.user_identity !== undefined ||
  request.team_id !== undefined;
/** To say "all" and to name some is a slip, and a dangerous one. */
const notBoth = (request: Chosen) => request.all !== true || !meansSomebody({ ...request, all: false });

const batch = <Shape extends z.ZodRawShape>(shape: Shape, targets: keyof Shape & string, example: object) =>
  z
    .strictObject({ ...common, ...shape })
    .refine((request) => meansSomebody(request as Chosen), {
      ...amongFields,
      path: [targets],
      message: 'is needed, or all: true',
    })
    .refine((request) => notBoth(request as Chosen), {
      ...amongFields,
      path: ['all'],
      message: 'cannot go with named targets',
    })
    .meta({ example: { comment: 'Credentials may have leaked', ...example } });

const userId = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04';
const aTeamId = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02';

export const disableUsersRequestSchema = batch(
  { user_ids: userIds, include_admins: includeAdmins.describe('With all: administrators too, not yourself') },
  'user_ids',
  { user_ids: [userId] },
);
export const restoreUsersRequestSchema = batch({ user_ids: userIds }, 'user_ids', { user_ids: [userId] });
export const deleteRunnersRequestSchema = batch(
  {
    runner_ids: runnerIds,
    user_identity: userIdentity.describe('The runners this user provisioned'),
    team_id: teamId.describe('The runners of this team'),
  },
  'runner_ids',
  { team_id: aTeamId, dry_run: true },
);
export const deactivateTeamsRequestSchema = batch(
  { team_ids: teamIds, remove_runners: removeRunners.describe('Their runners are deleted at GitHub too') },
  'team_ids',
  { all: true, remove_runners: true },
);
export const reactivateTeamsRequestSchema = batch({ team_ids: teamIds }, 'team_ids', { team_ids: [aTeamId] });
export type BatchRequest = z.infer<
  | typeof disableUsersRequestSchema
  | typeof restoreUsersRequestSchema
  | typeof deleteRunnersRequestSchema
  | typeof deactivateTeamsRequestSchema
  | typeof reactivateTeamsRequestSchema
>;

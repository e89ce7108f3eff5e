import type { Principal, PrincipalTeam } from '#libs/access';
import { Problem, type ProvisionRunner, problemOfRefusal } from '#libs/contracts';
import {
  decideConfiguredLabels,
  decideJitLabels,
  type LabelPolicy,
} from '../label-policy/label-policy.decider.js';

export type ProvisioningRules = {
  defaultRunnerGroupId: number;
  /** For callers without a team. */
  defaultLabelPolicy: 'allow' | 'deny';
  requireTeam: boolean;
};

/** What will be asked of GitHub, and whose quota it counts against. */
export type ProvisioningPlan = {
  team: PrincipalTeam | undefined;
  labels: string[];
  runnerGroupId: number;
};

/**
 * Who may have which runner: the way of provisioning, the team, the runner group, the labels, in this order.
 * @throws Problem the first rule that says no
 */
export const planProvisioning = (
  request: ProvisionRunner,
  principal: Principal,
  rules: ProvisioningRules,
): ProvisioningPlan => {
  checkMethod(request, principal);
  const team = chooseTeam(request, principal, rules);
  const runnerGroupId = chooseRunnerGroup(request, team, rules);
  const labels = chooseLabels(request, team, rules);
  return { team, runnerGroupId, labels };
};

const checkMethod = ({ provisioningMethod }: ProvisionRunner, principal: Principal): void => {
  if (provisioningMethod === 'jit' && !principal.canUseJit) {
    throw new Problem(
      'jit-not-permitted',
      'You may not provision with JIT configs. Ask an administrator for it.',
    );
  }
  if (provisioningMethod === 'registration_token' && !principal.canUseRegistrationToken) {
    throw new Problem(
      'registration-token-not-permitted',
      'You may not provision with registration tokens. Use POST /api/v1/runners/jit, or ask an administrator.',
    );
  }
};

const chooseTeam = (
  { teamId }: ProvisionRunner,
  { teams }: Principal,
  { requireTeam }: ProvisioningRules,
): PrincipalTeam | undefined => {
  if (teamId !== undefined) {
    const team = teams.find(({ id }) => id === teamId);
    if (team === undefined) {
      throw new Problem(
        'team-not-permitted',
        'You are not a member of this team. GET /api/v1/auth/me lists yours.',
      );
    }
    return active(team);
  }
  const open = teams.filter(({ isActive }) => isActive);
  if (open.length > 1) {
    throw new Problem('team-required', 'You are in several teams. Say which one in team_id.', {
      members: { teams: open.map(({ id, name }) => ({ id, name })) },
    });
  }
  const [only] = open.length === 1 ? open : teams;
  if (only !== undefined) return active(only);
  if (requireTeam) {
    throw new Problem(
      'team-not-permitted',
      'Only members of a team may provision. Ask an administrator to add you to one.',
    );
  }
  return undefined;
};

const active = (team: PrincipalTeam): PrincipalTeam => {
  if (team.isActive) return team;
  throw new Problem('team-deactivated', `The team ${team.name} has been deactivated. Ask an administrator.`);
};

const chooseRunnerGroup = (
  { runnerGroupId }: ProvisionRunner,
  team: PrincipalTeam | undefined,
  { defaultRunnerGroupId }: ProvisioningRules,
): number => {
  const open =
    team !== undefined && team.runnerGroupIds.length > 0 ? team.runnerGroupIds : [defaultRunnerGroupId];
  const wanted = runnerGroupId ?? open[0] ?? defaultRunnerGroupId;
  if (open.includes(wanted)) return wanted;
  throw new Problem(
    'runner-group-not-permitted',
    `The runner group ${wanted} is not open to you. Use one of ${open.join(', ')}, or leave runner_group_id out.`,
    { members: { runner_group_id: wanted, permitted: open } },
  );
};

const chooseLabels = (
  { labels: requested, provisioningMethod }: ProvisionRunner,
  team: PrincipalTeam | undefined,
  { defaultLabelPolicy }: ProvisioningRules,
): string[] => {
  const decide = provisioningMethod === 'jit' ? decideJitLabels : decideConfiguredLabels;
  const labels = decide(requested, policyOf(team, defaultLabelPolicy));
  if (!Array.isArray(labels)) throw problemOfRefusal(labels as Exclude<typeof labels, readonly string[]>);
  return [...labels];
};

const policyOf = (team: PrincipalTeam | undefined, defaultLabelPolicy: 'allow' | 'deny'): LabelPolicy => {
  if (team !== undefined) {
    return { requiredLabels: team.requiredLabels, permits: { patterns: team.labelPatterns } };
  }
  return { requiredLabels: [], permits: defaultLabelPolicy === 'allow' ? 'anything' : { patterns: [] } };
};

import type { Principal, PrincipalTeam } from '#libs/access';
import { type ProvisionRunner, problemOfRefusal, type Refusal, refused } from '#libs/contracts';
import type { CapacityHolder } from '../capacity/capacity-holder.js';
import { appraiseLabels, type LabelPolicy } from '../label-policy/label-policy.decider.js';
import type { UserPolicy } from '../label-policy/user-policies.js';

export type ProvisioningRules = {
  defaultRunnerGroupId: number;
  /** For callers without a team and without a policy of their own. */
  defaultLabelPolicy: 'allow' | 'deny';
  requireTeam: boolean;
};

/** What will be asked of GitHub, and whose quota it counts against. */
export type ProvisioningPlan = {
  team: PrincipalTeam | undefined;
  slotOf: CapacityHolder;
  /** Undefined: no quota. */
  limit: number | undefined;
  labels: readonly string[];
  runnerGroupId: number;
};

/** The plan as far as there can be one, and every reason against it, the first one first. */
export type ProvisioningAppraisal = {
  /** Undefined: it is not known for which team, so group, labels and quota cannot be judged. */
  plan: ProvisioningPlan | undefined;
  refusals: readonly Refusal[];
};

/** What the caller's own label policy says; undefined when there is none or a team's counts. */
type Own = UserPolicy | undefined;

/**
 * Who may have which runner: the way of provisioning, the team, the runner group, the labels, in this order.
 * @throws Problem the first rule that says no
 */
export const planProvisioning = (
  request: ProvisionRunner,
  principal: Principal,
  own: Own,
  rules: ProvisioningRules,
): ProvisioningPlan => {
  const { plan, refusals } = appraiseProvisioning(request, principal, own, rules);
  const [first] = refusals;
  if (first) throw problemOfRefusal(first);
  if (!plan) throw new Error('nothing speaks against a runner for which there is no plan');
  return plan;
};

/** The same rules, all of them. */
export const appraiseProvisioning = (
  request: ProvisionRunner,
  principal: Principal,
  own: Own,
  rules: ProvisioningRules,
): ProvisioningAppraisal => {
  const method = refuseMethod(request, principal);
  const choice = chooseTeam(request, principal, rules);
  const before = given([method, choice.refusal]);
  if (choice.team === 'open') return { plan: undefined, refusals: before };
  const { team } = choice;
  const group = chooseRunnerGroup(request, team, rules);
  const policy = policyOf(team, own, rules);
  const { labels, refusals } = appraiseLabels(request.labels, policy, request.provisioningMethod);
  return {
    plan: {
      team,
      slotOf: team ? { kind: 'team', id: team.id } : { kind: 'user', id: principal.userId },
      limit: team ? team.maxRunners : own?.maxRunners,
      labels,
      runnerGroupId: group.runnerGroupId,
    },
    refusals: [...before, ...given([group.refusal]), ...refusals],
  };
};

const given = (refusals: readonly (Refusal | undefined)[]): Refusal[] =>
  refusals.filter((refusal) => refusal !== undefined);

/** Undefined: the caller may provision this way. */
export const refuseMethod = (
  { provisioningMethod }: Pick<ProvisionRunner, 'provisioningMethod'>,
  { canUseJit, canUseRegistrationToken }: Principal,
): Refusal | undefined => {
  if (provisioningMethod === 'jit' && !canUseJit) {
    return refused(
      'jit-not-permitted',
      'You may not provision with JIT configs. Ask an administrator for it.',
    );
  }
  if (provisioningMethod === 'registration_token' && !canUseRegistrationToken) {
    return refused(
      'registration-token-not-permitted',
      'You may not provision with registration tokens. Use POST /api/v1/runners/jit, or ask an administrator.',
    );
  }
  return undefined;
};

/** `open`: which team is meant cannot be told, or it is none the caller may provision for. */
type TeamChoice = { team: PrincipalTeam | undefined | 'open'; refusal?: Refusal };

/** The team a request is about, whether or not it may have what it asks for: the named one, else the only one. */
export const teamMeant = ({ teamId }: ProvisionRunner, { teams }: Principal): string | undefined => {
  const open = teams.filter(({ isActive }) => isActive);
  const [only, ...others] = open.length > 0 ? open : teams;
  return teamId ?? (others.length === 0 ? only?.id : undefined);
};

const chooseTeam = (
  { teamId }: ProvisionRunner,
  { teams }: Principal,
  { requireTeam }: ProvisioningRules,
): TeamChoice => {
  if (teamId !== undefined) {
    const team = teams.find(({ id }) => id === teamId);
    return team ? unlessDeactivated(team) : { team: 'open', refusal: notAMember() };
  }
  const active = teams.filter(({ isActive }) => isActive);
  if (active.length > 1) return { team: 'open', refusal: teamRequired(active) };
  const [only] = active.length === 1 ? active : teams;
  if (only !== undefined) return unlessDeactivated(only);
  return requireTeam ? { team: 'open', refusal: withoutTeam() } : { team: undefined };
};

const unlessDeactivated = (team: PrincipalTeam): TeamChoice => {
  const refusal = refuseDeactivated(team);
  return refusal ? { team, refusal } : { team };
};

/** Undefined: the team is active. */
export const refuseDeactivated = ({
  id,
  name,
  isActive,
}: Pick<PrincipalTeam, 'id' | 'name' | 'isActive'>): Refusal | undefined =>
  isActive
    ? undefined
    : refused('team-deactivated', `The team ${name} has been deactivated. Ask an administrator.`, {
        team_id: id,
      });

const notAMember = () =>
  refused('team-not-permitted', 'You are not a member of this team. GET /api/v1/auth/me lists yours.');

const teamRequired = (teams: readonly PrincipalTeam[]) =>
  refused('team-required', 'You are in several teams. Say which one in team_id.', {
    teams: teams.map(({ id, name }) => ({ id, name })),
  });

const withoutTeam = () =>
  refused(
    'team-not-permitted',
    'Only members of a team may provision. Ask an administrator to add you to one.',
  );

/** The runner groups open to a team's members, or to callers without a team; the first one is the default. */
export const openRunnerGroups = (
  team: PrincipalTeam | undefined,
  { defaultRunnerGroupId }: ProvisioningRules,
): readonly number[] =>
  team !== undefined && team.runnerGroupIds.length > 0 ? team.runnerGroupIds : [defaultRunnerGroupId];

const chooseRunnerGroup = (
  { runnerGroupId }: ProvisionRunner,
  team: PrincipalTeam | undefined,
  rules: ProvisioningRules,
): { runnerGroupId: number; refusal?: Refusal } => {
  const open = openRunnerGroups(team, rules);
  const wanted = runnerGroupId ?? open[0] ?? rules.defaultRunnerGroupId;
  if (open.includes(wanted)) return { runnerGroupId: wanted };
  return {
    runnerGroupId: wanted,
    refusal: refused(
      'runner-group-not-permitted',
      `The runner group ${wanted} is not open to you. Use one of ${open.join(', ')}, or leave runner_group_id out.`,
      { runner_group_id: wanted, permitted: open },
    ),
  };
};

/** Whose label policy counts: the team's, the caller's own, or the default. */
export const policyOf = (
  team: Pick<PrincipalTeam, 'requiredLabels' | 'labelPatterns'> | undefined,
  own: Own,
  { defaultLabelPolicy }: ProvisioningRules,
): LabelPolicy => {
  if (team) return { requiredLabels: team.requiredLabels, permits: { patterns: team.labelPatterns } };
  if (own) return { requiredLabels: [], permits: { patterns: own.patterns } };
  return { requiredLabels: [], permits: defaultLabelPolicy === 'allow' ? 'anything' : { patterns: [] } };
};

import { examples, subjects } from '#libs/contracts';
import { ScriptedBus } from './scripted-bus.js';

const position = '2000';
const fresh = true;

/** Everybody behind the bus is there and answers with the examples of the contract. */
export const answeringBus = (): ScriptedBus => {
  const bus = new ScriptedBus();
  const { runnerId, runnerName } = examples.runner;
  bus.answer(subjects.provisionRunner, ({ body }) =>
    body.provisioningMethod === 'jit' ? examples.jitProvisioned : examples.tokenProvisioned,
  );
  bus.answer(subjects.listRunners, () => ({ runners: [examples.runner], total: 1, fresh }));
  bus.answer(subjects.getRunner, () => ({ runner: examples.runner, fresh }));
  bus.answer(subjects.runnerTimeline, () => ({ timeline: [examples.timelineEntry] }));
  bus.answer(subjects.refreshRunner, () => ({ runnerId, position }));
  bus.answer(subjects.renewRegistrationToken, () => examples.tokenRenewed);
  bus.answer(subjects.deprovisionRunner, () => ({ runnerId, runnerName, confirmed: true, position: '2001' }));
  bus.answer(subjects.abandonRunner, () => ({ recorded: 1 }));
  bus.answer(subjects.searchAuditRecords, () => ({ logs: [examples.auditRecord], total: 1, fresh }));
  bus.answer(subjects.searchSecurityEvents, () => ({ events: [examples.securityEvent], total: 1, fresh }));
  bus.answer(subjects.syncStatus, () => examples.syncStatus);
  bus.answer(subjects.triggerSync, ({ body: { cycleId, wait } }) => {
    const { result } = examples.syncTriggered;
    return { cycleId, position, ...(wait ? { result } : {}) };
  });
  bus.answer(subjects.dashboardStats, () => examples.dashboardStats);
  bus.answer(subjects.auditStats, () => examples.auditStats);
  bus.answer(subjects.provisionerStats, () => examples.provisionerStats);
  bus.answer(subjects.syncStats, () => examples.syncStats);
  bus.answer(subjects.recordAccessRefused, () => ({ recorded: 1 }));
  bus.answer(subjects.recordDelivery, ({ body }) => ({
    status: body.guid === 'seen-before' ? ('duplicate' as const) : ('accepted' as const),
  }));
  answerAboutTenants(bus);
  answerAboutMachines(bus);
  return bus;
};

const answerAboutTenants = (bus: ScriptedBus): void => {
  const { user, team, teamMember, labelPolicy, operation } = examples;
  bus.answer(subjects.describeCaller, () => examples.caller);
  bus.answer(subjects.ownLabelPolicies, () => ({ policies: [examples.ownLabelPolicy] }));
  bus.answer(subjects.checkProvisioning, () => examples.provisioningChecked);
  bus.answer(subjects.listUsers, () => ({ users: [user], total: 1, fresh }));
  bus.answer(subjects.getUser, () => ({ user, fresh }));
  const { createUser, changeUser, deactivateUser, activateUser } = subjects;
  for (const subject of [createUser, changeUser, deactivateUser, activateUser])
    bus.answer(subject, () => ({ user, position }));
  bus.answer(subjects.listTeams, () => ({ teams: [team], total: 1, fresh }));
  bus.answer(subjects.getTeam, () => ({ team, fresh }));
  const { createTeam, changeTeam, deactivateTeam, reactivateTeam } = subjects;
  for (const subject of [createTeam, changeTeam, deactivateTeam, reactivateTeam])
    bus.answer(subject, () => ({ team, position }));
  bus.answer(subjects.listTeamMembers, () => ({ members: [teamMember], total: 1, fresh }));
  bus.answer(subjects.addTeamMember, () => ({ member: teamMember, position }));
  bus.answer(subjects.removeTeamMember, () => ({ recorded: 1, position }));
  bus.answer(subjects.listLabelPolicies, () => ({ policies: [labelPolicy], total: 1, fresh }));
  bus.answer(subjects.getLabelPolicy, () => ({ policy: labelPolicy, fresh }));
  bus.answer(subjects.setLabelPolicy, () => ({ policy: labelPolicy, position }));
  bus.answer(subjects.removeLabelPolicy, () => ({ recorded: 1, position }));
  bus.answer(subjects.runBatch, ({ body }) => ({ operation, dryRun: body.dryRun, position }));
  bus.answer(subjects.getOperation, () => ({ operation }));
};

const answerAboutMachines = (bus: ScriptedBus): void => {
  const { machineClient: client, identityProvider, trustRule } = examples;
  bus.answer(subjects.listMachineClients, () => ({ clients: [client], total: 1, fresh }));
  bus.answer(subjects.getMachineClient, () => ({ client, fresh }));
  const { registerMachineClient, changeMachineClient, removeMachineClient } = subjects;
  for (const subject of [registerMachineClient, changeMachineClient, removeMachineClient])
    bus.answer(subject, () => ({ client, position }));
  bus.answer(subjects.trustedIssuers, () => ({ issuers: [] }));
  bus.answer(subjects.testTrustRule, () => examples.trustRuleTested);
  bus.answer(subjects.listIdentityProviders, () => ({
    identityProviders: [identityProvider],
    total: 1,
    fresh,
  }));
  bus.answer(subjects.getIdentityProvider, () => ({ identityProvider, fresh }));
  const { registerIdentityProvider, changeIdentityProvider, removeIdentityProvider } = subjects;
  for (const subject of [registerIdentityProvider, changeIdentityProvider, removeIdentityProvider])
    bus.answer(subject, () => ({ identityProvider, position }));
  bus.answer(subjects.listTrustRules, () => ({ trustRules: [trustRule], total: 1, fresh }));
  bus.answer(subjects.getTrustRule, () => ({ trustRule, fresh }));
  const { createTrustRule, changeTrustRule, removeTrustRule } = subjects;
  for (const subject of [createTrustRule, changeTrustRule, removeTrustRule])
    bus.answer(subject, () => ({ trustRule, position }));
};

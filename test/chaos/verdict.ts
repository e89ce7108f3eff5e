import type { RunnerEvent } from '#libs/contracts';
import { hasEnded, isKnown, type RunnerState } from '../../apps/provisioner/src/runner/runner.state.js';
import type { Deletion } from '../simulator/src/observer.js';
import type { AtGithub, Attempt } from './github-side.js';
import type { Delivery, Told, ToldRunner } from './told.js';
import type { Witness } from './witness.js';

/** What should not be, each as a sentence. */
export type Verdict = {
  /** Handed out or acknowledged, and nowhere to be found. */
  lost: string[];
  /** Told or done twice. */
  doubled: string[];
  /** At GitHub for nobody; or alive here and not at GitHub; or a name or a slot that is held for nobody. */
  orphaned: string[];
  /** Healthy, and removed at GitHub by the service all the same. */
  wronglyRemoved: string[];
};
export type Evidence = {
  witness: Witness;
  told: Told;
  atGithub: readonly AtGithub[];
  attempts: readonly Attempt[];
  deletions: readonly Deletion[];
};

export const verdictOn = (evidence: Evidence): Verdict => ({
  lost: [...lostAnswers(evidence), ...lostDeliveries(evidence)],
  doubled: [...evidence.witness.contradictions, ...doubledFacts(evidence)],
  orphaned: [...orphanedRunners(evidence), ...orphanedHoldings(evidence)],
  wronglyRemoved: evidence.deletions.flatMap((deletion) => wronglyRemoved(deletion, evidence.witness)),
});

export const lineOf = ({ lost, doubled, orphaned, wronglyRemoved }: Verdict): string =>
  `lost: ${lost.length}, doubled: ${doubled.length}, orphaned: ${orphaned.length}, wrongly removed: ${wronglyRemoved.length}`;

const countOf = ({ facts }: ToldRunner, type: RunnerEvent['type'], jobId?: number): number =>
  facts.filter(
    (fact) =>
      fact.type === type && (jobId === undefined || ('job' in fact.data && fact.data.job.jobId === jobId)),
  ).length;

const lostAnswers = ({ witness, told }: Evidence): string[] =>
  [...witness.handedOut.values()].flatMap(({ runnerId, runnerName, method }) => {
    const issued = method === 'jit' ? 'RunnerJitConfigIssued' : 'RunnerRegistrationTokenIssued';
    const runner = told.runners.get(runnerId);
    return runner && countOf(runner, issued) > 0
      ? []
      : [`${runnerName} ${runnerId} was handed out unrecorded`];
  });

const isTaken = ({ status_code }: Attempt): boolean => status_code >= 200 && status_code < 300;

const lostDeliveries = ({ told, attempts }: Evidence): string[] => {
  const recorded = new Set(told.deliveries.map(({ data }) => data.guid));
  const unrecorded = attempts
    .filter((attempt) => attempt.event === 'workflow_job' && isTaken(attempt) && !recorded.has(attempt.guid))
    .map(({ guid, action }) => `the delivery ${guid} (${action}) was acknowledged and is not recorded`);
  return [...unrecorded, ...told.deliveries.flatMap((delivery) => lostEffect(delivery, told))];
};

const lostEffect = ({ data: { guid, workflowJob } }: Delivery, { runners }: Told): string[] => {
  const { action, jobId, githubRunnerId } = workflowJob;
  if (githubRunnerId === undefined || (action !== 'in_progress' && action !== 'completed')) return [];
  const runner = [...runners.values()].find(({ state }) => githubIdOf(state) === githubRunnerId);
  if (runner === undefined) return [];
  const completed = countOf(runner, 'RunnerCompletedWorkflowJob', jobId);
  // what arrives after the end of a job says nothing new
  const effects =
    action === 'completed' ? completed : completed + countOf(runner, 'RunnerStartedWorkflowJob', jobId);
  return effects > 0 ? [] : [`the delivery ${guid} (${action} of job ${jobId}) had no effect`];
};

const ONCE: readonly RunnerEvent['type'][] = [
  'RunnerProvisioningRequested',
  'RunnerJitConfigIssued',
  'RunnerProvisioningFailed',
  'RunnerRegistered',
  'RunnerDeleted',
];

const doubledFacts = ({ told }: Evidence): string[] =>
  [...told.runners].flatMap(([runnerId, runner]) => {
    const once = ONCE.filter((type) => countOf(runner, type) > 1).map((type) => `${runnerId}: ${type} twice`);
    const jobs = new Set(runner.facts.flatMap(({ data }) => ('job' in data ? data.job.jobId : [])));
    const ofJobs = [...jobs].flatMap((jobId) =>
      (['RunnerStartedWorkflowJob', 'RunnerCompletedWorkflowJob'] as const)
        .filter((type) => countOf(runner, type, jobId) > 1)
        .map((type) => `${runnerId}: ${type} of job ${jobId} twice`),
    );
    return [...once, ...ofJobs];
  });

const githubIdOf = (state: RunnerState): number | undefined =>
  'githubRunnerId' in state ? state.githubRunnerId : undefined;

const lives = (state: RunnerState): boolean => isKnown(state) && !hasEnded(state);

const orphanedRunners = ({ told, atGithub, witness }: Evidence): string[] => {
  const living = new Set(
    [...told.runners.values()].filter(({ state }) => lives(state)).map(({ state }) => githubIdOf(state)),
  );
  const listed = new Set(atGithub.map(({ id }) => id));
  const nobodys = atGithub
    .filter(({ id }) => !living.has(id) && !witness.foreign.has(id))
    .map(({ id, name, status }) => `${name} (${id}, ${status}) is at GitHub and nobody's`);
  const gone = [...told.runners].flatMap(([runnerId, { state }]) => {
    const id = githubIdOf(state);
    return lives(state) && id !== undefined && !listed.has(id)
      ? [`${runnerId} is ${state.state} and not at GitHub`]
      : [];
  });
  return [...nobodys, ...gone];
};

const orphanedHoldings = ({ told }: Evidence): string[] => {
  const living = [...told.runners].filter(([, { state }]) => lives(state)).map(([runnerId]) => runnerId);
  const isLiving = new Set(living);
  const of = (what: string, holders: readonly string[]) => [
    ...holders
      .filter((id) => !isLiving.has(id))
      .map((id) => `${id} is over and holds a ${what}: ${lifeOf(id, told)}`),
    ...living.filter((id) => !holders.includes(id)).map((id) => `${id} lives without a ${what}`),
    ...holders
      .filter((id, index) => holders.indexOf(id) !== index)
      .map((id) => `${id} holds a ${what} twice`),
  ];
  return [...of('name', told.nameHolders), ...of('slot', told.slotHolders)];
};

const lifeOf = (runnerId: string, { runners }: Told): string =>
  (runners.get(runnerId)?.facts ?? [])
    .map(({ type, recordedAt }) => `${type} ${recordedAt.toISOString()}`)
    .join(', ');

/** Healthy: handed out, not asked away, with its labels, and online or within its time to connect. */
const wronglyRemoved = ({ at, runner, onlineForMs }: Deletion, witness: Witness): string[] => {
  const sentence = [`${runner.name} (${runner.id}, ${runner.status}) was removed at ${at}`];
  if (witness.foreign.has(runner.id)) return sentence;
  const given = witness.ofGithubId(runner.id);
  if (!given || witness.unwanted.has(given.runnerId) || witness.relabelled.has(runner.id)) return [];
  const hasTime = runner.version === undefined && Date.parse(at) < given.expiresAt;
  return onlineForMs !== null || hasTime ? sentence : [];
};

import { describe, expect, it } from '@jest/globals';
import { githubDeliveryEvent, type RunnerEvent } from '#libs/contracts';
import { recorded } from '#libs/testing';
import {
  deleted,
  GITHUB_RUNNER_ID,
  JOB,
  jitConfigIssued,
  RUNNER,
  requested,
  startedJob,
} from '../../apps/provisioner/src/runner/runner.examples.js';
import { toldBy } from './told.js';
import { type Evidence, verdictOn } from './verdict.js';
import { Witness } from './witness.js';

const AT = '2026-03-01T10:00:00.000Z';
const { runnerId } = RUNNER;
const there = { id: GITHUB_RUNNER_ID, name: 'gpu-1', status: 'offline', busy: false, labels: [] } as const;

const witnessed = (): Witness => {
  const witness = new Witness();
  witness.give({
    runnerId,
    runnerName: 'gpu-1',
    labels: [],
    method: 'jit',
    expiresAt: Date.parse(AT) + 1000,
    githubRunnerId: GITHUB_RUNNER_ID,
  });
  return witness;
};

const delivery = githubDeliveryEvent('WorkflowJobDelivered')({
  guid: 'guid-1',
  bodySha256: 'a'.repeat(64),
  installationId: 42,
  organization: 'octo-org',
  workflowJob: {
    ...JOB,
    action: 'in_progress',
    labels: [],
    githubRunnerId: GITHUB_RUNNER_ID,
    conclusion: null,
    createdAt: AT,
  },
  receivedAt: AT,
});

/** What is found, as counts; names and slots are nobody's concern here. */
const found = (facts: readonly RunnerEvent[], rest: Partial<Evidence> = {}, withDelivery = false) => {
  const stream = `runner-${runnerId}`;
  const log = [
    ...facts.map((fact, index) => recorded(fact, { position: index + 1, stream })),
    ...(withDelivery ? [recorded(delivery, { position: 100, stream: 'githubDelivery-guid-1' })] : []),
  ];
  const told = toldBy(log);
  const holders = [...told.runners].flatMap(([id, { state }]) => (state.state === 'deleted' ? [] : [id]));
  const { lost, doubled, orphaned, wronglyRemoved } = verdictOn({
    witness: new Witness(),
    told: { ...told, nameHolders: holders, slotHolders: holders },
    atGithub: [],
    attempts: [],
    deletions: [],
    ...rest,
  });
  return [lost, doubled, orphaned, wronglyRemoved].map(({ length }) => length);
};

const pending = [requested(), jitConfigIssued()];
const removal = (more: { at?: string; onlineForMs?: number | null } = {}) => ({
  at: AT,
  runner: { ...there, os: 'unknown', ephemeral: true, runner_group_id: 1, labels: [] },
  onlineForMs: null,
  ...more,
});

describe('the verdict on a chaos', () => {
  it('is clean when both sides say the same', () =>
    expect(found(pending, { witness: witnessed(), atGithub: [{ ...there, labels: [] }] })).toEqual([
      0, 0, 0, 0,
    ]));

  it('finds what was lost', () => {
    expect(found([], { witness: witnessed() })).toEqual([1, 0, 0, 0]);
    const atGithub = [{ ...there, labels: [] }];
    const attempts = [{ guid: 'other', event: 'workflow_job', action: 'queued', status_code: 202 }];
    expect(found(pending, { atGithub, attempts })).toEqual([1, 0, 0, 0]);
    expect(found(pending, { atGithub }, true)).toEqual([1, 0, 0, 0]);
    expect(found([...pending, startedJob()], { atGithub }, true)).toEqual([0, 0, 0, 0]);
  });

  it('finds what was told twice', () =>
    expect(found([...pending, startedJob(), startedJob(), deleted('vanished'), deleted('vanished')])).toEqual(
      [0, 2, 0, 0],
    ));

  it('finds orphans of either side', () => {
    expect(found(pending)).toEqual([0, 0, 1, 0]);
    expect(found([], { atGithub: [{ ...there, labels: [] }] })).toEqual([0, 0, 1, 0]);
    const held = { ...toldBy([]), nameHolders: [runnerId], slotHolders: [runnerId, runnerId] };
    expect(found([], { told: held })).toEqual([0, 0, 4, 0]);
  });

  it('finds healthy runners that were removed', () => {
    const removed = (deletion: ReturnType<typeof removal>, witness = witnessed()) =>
      found([...pending, deleted('never-connected')], { witness, deletions: [deletion] })[3];
    expect(removed(removal())).toBe(1);
    expect(removed(removal({ at: '2026-03-01T11:00:00.000Z' }))).toBe(0);
    expect(removed(removal({ at: '2026-03-01T11:00:00.000Z', onlineForMs: 5 }))).toBe(1);
    const unwanted = witnessed();
    unwanted.unwanted.add(runnerId);
    expect(removed(removal(), unwanted)).toBe(0);
    expect(removed(removal(), new Witness())).toBe(0);
  });
});

import { isRefusal } from '#libs/contracts';
import { type RunnerCommand, runnerDecider } from '../../apps/provisioner/src/runner/runner.decider.js';
import { hasEnded, isKnown, isLive, mayBeOrphan } from '../../apps/provisioner/src/runner/runner.state.js';
import { runningJobs } from '../../apps/provisioner/src/runner/runner-jobs.js';
import { type Observation, observationOf } from '../../apps/sync/src/reconciliation/compare-runners.js';
import { isOverdue } from '../../apps/sync/src/settling/settlement.js';
import { EDITED_LABELS, GITHUB_RUNNER_ID, INSTANTS, jobOf, LABELS, RUNNER, RUNNER_NAME } from './examples.js';
import type { Step } from './explore.js';
import { type Hook, holdings, holdsSomething, type Kind, type Life, recorded, type Theirs } from './life.js';

const MOST_JOBS = 1;
const LONG_MS = 24 * 60 * 60 * 1000;

/** What a command records, and what follows from an end; undefined = the decider refuses it. */
const decided = (life: Life, command: RunnerCommand): Life | undefined => {
  const decision = runnerDecider.decide(command, life.ours);
  if (isRefusal(decision)) return undefined;
  const after = recorded(life, decision);
  const hasJustEnded = decision.length > 0 && hasEnded(after.ours) && isKnown(after.ours);
  // a crash may come between the end and what follows from it: then settling gives back
  return hasJustEnded && !mayBeOrphan(after.ours) ? recorded(after, holdings.released) : after;
};

/** Both what happens and that a crash keeps name and slot from being given back. */
const decidedOrHalfDone = (life: Life, command: RunnerCommand): Life[] => {
  const whole = decided(life, command);
  if (whole === undefined) return [];
  const decision = runnerDecider.decide(command, life.ours);
  return isRefusal(decision) ? [whole] : [whole, recorded(life, decision)];
};

const isThere = (theirs: Theirs): theirs is Exclude<Theirs, string> => typeof theirs !== 'string';
const at = ({ time }: Life): string => INSTANTS[time];
const step = (name: string, ...after: (Life | undefined)[]): Step => ({
  name,
  after: after.filter((life) => life !== undefined),
});

/** What may happen next to a runner of this kind. */
export const stepsOf =
  (kind: Kind) =>
  (life: Life): Step[] => [
    ...provisioning(life, kind),
    ...atGithub(life, kind),
    ...deliveries(life),
    ...looks(life, kind),
    ...driftRemoval(life),
    ...overlookedEnd(life),
    ...deletions(life),
    ...settling(life),
    ...passing(life),
  ];

const provisioning = (life: Life, { method, ephemeral }: Kind): Step[] => {
  const { ours, issuer, theirs } = life;
  const nobody = { ...life, issuer: 'nobody' as const };
  switch (issuer) {
    case 'nobody':
      return ours.state === 'unknown' && life.row === undefined && life.time === 'early'
        ? [step('somebody asks for it', recorded({ ...life, issuer: 'claiming' }, holdings.claimed))]
        : [];
    case 'claiming': {
      const request: RunnerCommand = {
        type: 'RequestProvisioning',
        ...RUNNER,
        runnerName: RUNNER_NAME,
        provisioningMethod: method,
        labels: LABELS,
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral,
        disableUpdate: false,
        teamId: 'team',
        provisionedBy: 'user',
        requestedAt: INSTANTS.early,
      };
      const requested = decided({ ...life, issuer: 'asking' }, request);
      return [
        step('it is requested', requested ?? recorded(nobody, holdings.released)),
        step('the process dies before the request', nobody),
      ];
    }
    case 'asking': {
      const failed = { type: 'RecordProvisioningFailed', reason: 'github-refused', at: at(life) } as const;
      const made =
        method === 'jit' && theirs === 'not yet' ? { online: false, busy: false, isEdited: false } : theirs;
      return [
        step('GitHub answers', { ...life, theirs: made, issuer: 'answered' }),
        step('GitHub refuses', ...decidedOrHalfDone(nobody, failed)),
        step('GitHub does nothing and nobody learns of it', nobody),
        step('GitHub does it and nobody learns of it', { ...nobody, theirs: made }),
      ];
    }
    case 'answered': {
      const issued = { issuedAt: INSTANTS.early, expiresAt: INSTANTS.expires };
      const told =
        method === 'jit'
          ? decided(nobody, {
              type: 'RecordJitConfigIssued',
              githubRunnerId: GITHUB_RUNNER_ID,
              labels: LABELS,
              jitConfigSha256: 'a'.repeat(64),
              ...issued,
            })
          : decided(nobody, {
              type: 'RecordRegistrationTokenIssued',
              registrationTokenSha256: 'b'.repeat(64),
              ...issued,
            });
      const takenBack = { ...nobody, theirs: isThere(theirs) ? ('gone' as const) : theirs };
      return [
        step('the answer is handed out', told ? { ...told, isHandedOut: true } : takenBack),
        step('the answer is recorded and reaches nobody', told),
        step('the process dies with the answer', nobody),
      ];
    }
  }
};

const atGithub = (life: Life, { method, ephemeral, beside }: Kind): Step[] => {
  const { theirs, jobs, isHandedOut } = life;
  const hook = (stage: 'in_progress' | 'completed'): readonly Hook[] => [
    ...new Set([...life.hooks, `${stage === 'in_progress' ? jobs + 1 : jobs} ${stage}` as Hook]),
  ];
  if (!isThere(theirs)) {
    // a machine that registers with the token of a runner that is over is nobody's, and reported as such
    const isAwaited = life.ours.state === 'pending' && life.deletion === 'none';
    const mayRegister = method === 'registration_token' && theirs === 'not yet' && isHandedOut && isAwaited;
    return mayRegister
      ? [
          step('it registers and connects', {
            ...life,
            theirs: { online: true, busy: false, isEdited: false },
          }),
          step('it registers', { ...life, theirs: { online: false, busy: false, isEdited: false } }),
        ]
      : [];
  }
  const steps: Step[] = [];
  const { online, busy } = theirs;
  if (!online && !busy && isHandedOut)
    steps.push(step('it connects', { ...life, theirs: { ...theirs, online: true } }));
  if (online) steps.push(step('its machine is lost', { ...life, theirs: { ...theirs, online: false } }));
  if (online && !busy && jobs < (ephemeral ? 1 : MOST_JOBS))
    steps.push(
      step('it starts a job', {
        ...life,
        theirs: { ...theirs, busy: true },
        jobs: jobs + 1,
        hooks: hook('in_progress'),
      }),
    );
  if (busy)
    steps.push(
      step('its job ends', {
        ...life,
        theirs: ephemeral ? 'gone' : { ...theirs, busy: false },
        hooks: hook('completed'),
      }),
    );
  else steps.push(step('somebody removes it at GitHub', { ...life, theirs: 'gone' }));
  if (!theirs.isEdited && beside === 'labels are edited')
    steps.push(step('somebody edits its labels', { ...life, theirs: { ...theirs, isEdited: true } }));
  if (!online && !busy)
    steps.push(step('GitHub forgets what is offline for long', { ...life, theirs: 'gone' }));
  return steps;
};

const deliveries = (life: Life): Step[] =>
  life.hooks.flatMap((hook) => {
    const [job = '', stage] = hook.split(' ') as [string, 'in_progress' | 'completed'];
    const rest = life.hooks.filter((other) => other !== hook);
    const isHeard = life.row !== undefined;
    const told = (hooks: readonly Hook[]) =>
      isHeard
        ? decidedOrHalfDone(
            { ...life, hooks },
            {
              type: 'RecordWorkflowJob',
              runnerId: RUNNER.runnerId,
              githubRunnerId: GITHUB_RUNNER_ID,
              stage,
              job: jobOf(Number(job)),
              conclusion: stage === 'completed' ? 'success' : null,
              queuedAt: INSTANTS.early,
              startedAt: INSTANTS.look,
              ...(stage === 'completed' ? { completedAt: INSTANTS.look } : {}),
              at: INSTANTS.look,
            },
          )
        : [{ ...life, hooks }];
    return [
      step(`the hook "job ${hook}" arrives`, ...told(rest)),
      step(`the hook "job ${hook}" arrives and will come again`, ...told(life.hooks)),
      step(`the hook "job ${hook}" is lost`, { ...life, hooks: rest }),
    ];
  });

const seenAs = (theirs: Theirs) =>
  isThere(theirs)
    ? ({
        id: GITHUB_RUNNER_ID,
        name: RUNNER_NAME,
        os: 'linux',
        status: theirs.online ? 'online' : 'offline',
        busy: theirs.busy,
        labels: theirs.isEdited ? EDITED_LABELS : LABELS,
      } as const)
    : ('absent' as const);

/** What is new to sync of what GitHub shows now. */
const sightOf = ({ row, theirs }: Life): Observation | undefined => row && observationOf(row, seenAs(theirs));

const told = (life: Life, observation: Observation, seenAt: string): Life[] =>
  decidedOrHalfDone(life, {
    type: 'RecordRunnerObserved',
    observation,
    seenAt,
    driftAction: 'remove',
    at: at(life),
  });

const poll = (life: Life): Life[] => {
  const sight = sightOf(life);
  return sight ? told(life, sight, INSTANTS.look) : [life];
};

const looks = (life: Life, { beside }: Kind): Step[] => {
  const { look, ours, row } = life;
  const steps: Step[] = [];
  if (look) {
    const seenAt = look.isOld ? INSTANTS.oldLook : INSTANTS.look;
    steps.push(
      step('a look from before is told', ...told({ ...life, look: undefined }, look.observation, seenAt)),
    );
  }
  if (row === undefined || ['claimed', 'requested', 'ended'].includes(row.state)) return steps;
  const later = look && { ...look, isOld: true };
  steps.push(step('a poll', ...poll(life).map((after) => ({ ...after, look: later }))));
  const sight = sightOf(life);
  const mayBeLate = beside === 'looks are late' && !look && ours.state !== 'deleting';
  if (sight && mayBeLate)
    steps.push(step('a poll begins', { ...life, look: { observation: sight, isOld: false } }));
  return steps;
};

/** Sync tells of other labels again and again; the provisioner looks for itself before it removes anything. */
const driftRemoval = (life: Life): Step[] => {
  const { ours, theirs } = life;
  if (!isLive(ours) || ours.driftedTo === undefined || ours.state === 'busy') return [];
  const [confirmed = life] = poll(life);
  const { ours: still } = confirmed;
  const isDue = isLive(still) && still.driftedTo !== undefined && still.state !== 'busy';
  if (!isDue || (isThere(theirs) && theirs.busy)) return [step('its labels are looked at', confirmed)];
  const command = { type: 'RequestDeprovisioning', reason: 'label-drift', untilConfirmed: true } as const;
  return [step('its labels are looked at', decided(confirmed, { ...command, at: at(life) }))];
};

/** The provisioner asks GitHub about the job, unless the runner is busy there too. */
const overlookedEnd = (life: Life): Step[] => {
  const { theirs } = life;
  const looksIdle = isThere(theirs) && theirs.online && !theirs.busy && sightOf(life) !== undefined;
  const [observed = life] = poll(life);
  const { ours } = observed;
  const [job] = isLive(ours) ? runningJobs(ours.jobs) : [];
  if (!looksIdle || job === undefined) return [];
  const ended = { type: 'RecordWorkflowJob', runnerId: RUNNER.runnerId, stage: 'completed', job } as const;
  const times = { queuedAt: INSTANTS.early, startedAt: INSTANTS.look, completedAt: INSTANTS.look };
  return [
    step(
      'GitHub is asked about its job',
      ...decidedOrHalfDone(observed, { ...ended, ...times, conclusion: 'success', at: at(life) }),
    ),
  ];
};

const asked = (
  life: Life,
  reason: 'deprovisioned' | 'never-connected',
  untilConfirmed: boolean,
): Life | undefined =>
  isLive(life.ours) || life.ours.state === 'deleting'
    ? decided(life, {
        type: 'RequestDeprovisioning',
        reason,
        ...(untilConfirmed ? { untilConfirmed } : {}),
        at: at(life),
      })
    : undefined;

const deletions = (life: Life): Step[] => {
  const { ours, deletion, isHandedOut } = life;
  const steps = [
    step('its owner deletes it', asked(life, 'deprovisioned', false)),
    step('it is deleted until confirmed', asked(life, 'deprovisioned', true)),
  ];
  if (ours.state === 'pending' && !isHandedOut)
    steps.push(step('its asker has hung up', asked(life, 'never-connected', false)));
  if (deletion === 'none') return steps;
  const now = { ...life, deletion: 'none' as const };
  const isPutOff = deletion === 'refused' && ours.state === 'deleting' && ours.untilConfirmed;
  const answer =
    deletion === 'done'
      ? ({ type: 'RecordDeleted', at: at(life) } as const)
      : ({ type: 'RecordDeprovisioningFailed', reason: 'runner-busy', at: at(life) } as const);
  return [
    ...steps,
    step(
      'GitHub’s word about the deletion is recorded',
      ...(isPutOff ? [now] : decidedOrHalfDone(now, answer)),
    ),
    step('GitHub’s word about the deletion is lost', now),
  ];
};

/** What the deletion call does; the name leads to a runner whose id nobody knows. */
const deletedAtGithub = (life: Life): Life => {
  if (!isThere(life.theirs)) return { ...life, deletion: 'done' };
  return life.theirs.busy ? { ...life, deletion: 'refused' } : { ...life, deletion: 'done', theirs: 'gone' };
};

const settling = (life: Life): Step[] => {
  const { ours, row, theirs, issuer } = life;
  if (ours.state === 'deleting' && life.deletion === 'none')
    return [step('its deletion is tried', deletedAtGithub(life))];
  if (ours.state === 'offline')
    return [
      step(
        'settling takes it for stale',
        ...givenUp(life, { type: 'ExpireStale', offlineSinceBefore: INSTANTS.expired, at: at(life) }),
      ),
    ];
  if (!row || !isOverdue(row, new Date(at(life)), LONG_MS)) return [];
  switch (ours.state) {
    case 'unknown':
    case 'requested': {
      // a process that is busy with it would say so; one that is gone would not
      const abandoned = decided(life, {
        type: 'AbandonProvisioning',
        runner: RUNNER,
        openSince: INSTANTS.early,
        at: at(life),
      });
      return [step(issuer === 'nobody' ? 'settling gives it up' : 'another replica gives it up', abandoned)];
    }
    case 'failed':
    case 'deleted':
    case 'abandoned': {
      if (!holdsSomething(life)) return [];
      const orphan = mayBeOrphan(ours) && isThere(theirs) && !theirs.online;
      return [
        step(
          'settling gives back',
          recorded({ ...life, theirs: orphan ? 'gone' : theirs }, holdings.released),
        ),
      ];
    }
    case 'pending':
      return [step('settling lets it expire', ...givenUp(life, { type: 'ExpireUnconnected', at: at(life) }))];
    default:
      return [];
  }
};

/** GitHub is looked at first: whoever is online lives on, and what is not there is gone. */
const givenUp = (life: Life, command: RunnerCommand): Life[] => {
  const { theirs } = life;
  const looked = isThere(theirs) ? poll(life) : [life];
  return looked.flatMap((before) => {
    const after = decided(before, command);
    if (after === undefined || isThere(theirs) || after.ours.state !== 'deleting') return after ?? [];
    return [after, ...decidedOrHalfDone(after, { type: 'RecordDeleted', at: at(life) })];
  });
};

const passing = (life: Life): Step[] => {
  if (life.time === 'early') return [step('a minute passes', { ...life, time: 'overdue' })];
  return life.time === 'overdue' ? [step('its time to connect passes', { ...life, time: 'expired' })] : [];
};

import { describe, it } from '@jest/globals';
import { runnerEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { runnerDecider } from './runner.decider.js';
import {
  AT,
  cameOnline,
  cancellationRequested,
  completedJob,
  deleted,
  deletionRequested,
  GITHUB_RUNNER_ID,
  gone,
  JOB,
  jitConfigIssued,
  jobReport,
  labelsDrifted,
  RUNNER,
  registrationTokenIssued,
  requested,
  seen,
  startedJob,
} from './runner.examples.js';

const runner = (...facts: Parameters<typeof runnerDecider.evolve>[1][]) => given(runnerDecider, ...facts);
const recordIssued = {
  type: 'RecordJitConfigIssued',
  githubRunnerId: GITHUB_RUNNER_ID,
  labels: ['self-hosted', 'linux', 'x64', 'gpu'],
  jitConfigSha256: 'a'.repeat(64),
  expiresAt: AT.expires,
  issuedAt: AT.issued,
} as const;
const abandon = (openSince: string) =>
  ({ type: 'AbandonProvisioning', runner: RUNNER, openSince, at: AT.later }) as const;
const insisted = runnerEvent('RunnerDeprovisioningRequested')({
  ...RUNNER,
  reason: 'team-suspended',
  untilConfirmed: true,
  requestedAt: AT.later,
});
const deprovision = { type: 'RequestDeprovisioning', reason: 'deprovisioned', at: AT.later } as const;

describe('provisioning', () => {
  it('begins with a request', () =>
    runner()
      .when({ type: 'RequestProvisioning', ...requested().data })
      .thenRecorded(requested()));

  it('is not begun twice', () =>
    runner(requested())
      .when({ type: 'RequestProvisioning', ...requested().data })
      .thenNothing());

  it('hands out the JIT config GitHub gave', () =>
    runner(requested())
      .when({ ...recordIssued, labels: [...recordIssued.labels] })
      .thenRecorded(jitConfigIssued()));

  it('hands out nothing once the request was given up', () =>
    runner(
      requested(),
      runnerEvent('RunnerProvisioningFailed')({ ...RUNNER, reason: 'abandoned', failedAt: AT.later }),
    )
      .when({ ...recordIssued, labels: [...recordIssued.labels] })
      .thenRefused('github-unavailable'));

  it('ends with what GitHub refused it for', () =>
    runner(requested())
      .when({ type: 'RecordProvisioningFailed', reason: 'runner-name-taken', at: AT.issued })
      .thenRecorded(
        runnerEvent('RunnerProvisioningFailed')({
          ...RUNNER,
          reason: 'runner-name-taken',
          failedAt: AT.issued,
        }),
      ));

  it('is given up when it has been open too long', () =>
    runner(requested())
      .when(abandon(AT.later))
      .thenRecorded(
        runnerEvent('RunnerProvisioningFailed')({ ...RUNNER, reason: 'abandoned', failedAt: AT.later }),
      ));

  it('is left alone while it is young', () =>
    runner(requested()).when(abandon('2026-03-01T09:59:59.000Z')).thenNothing());

  it('cannot begin any more after name or slot were given up', () =>
    runner(runnerEvent('RunnerProvisioningAbandoned')({ ...RUNNER, abandonedAt: AT.issued }))
      .when({ type: 'RequestProvisioning', ...requested().data })
      .thenRefused('github-unavailable'));

  it('closes a stream that never began', () =>
    runner()
      .when(abandon(AT.later))
      .thenRecorded(runnerEvent('RunnerProvisioningAbandoned')({ ...RUNNER, abandonedAt: AT.later })));

  it('gives a fresh registration token as long as nobody used one', () =>
    runner(requested({ provisioningMethod: 'registration_token' }), registrationTokenIssued())
      .when({
        type: 'RecordRegistrationTokenIssued',
        registrationTokenSha256: 'b'.repeat(64),
        expiresAt: AT.expires,
        issuedAt: AT.issued,
      })
      .thenRecorded(registrationTokenIssued()));
});

describe('what polling sees', () => {
  it('a runner that connected', () =>
    runner(requested(), jitConfigIssued()).when(seen('online', false)).thenRecorded(cameOnline()));

  it('nothing new, nothing recorded', () =>
    runner(requested(), jitConfigIssued(), cameOnline()).when(seen('online', false)).thenNothing());

  it('a runner that lost its connection', () =>
    runner(requested(), jitConfigIssued(), cameOnline())
      .when(seen('offline', false))
      .thenRecorded(runnerEvent('RunnerWentOffline')({ ...RUNNER, seenAt: AT.online })));

  it('says nothing when the look is older than what is known', () =>
    runner(requested(), jitConfigIssued(), cameOnline(false, AT.later))
      .when(seen('offline', false))
      .thenNothing());

  it('does not take busy=false for the end of a job that is known to run', () =>
    runner(requested(), jitConfigIssued(), cameOnline(), startedJob())
      .when(seen('online', false, AT.later))
      .thenNothing());

  it('takes another runner of the same name for a stranger', () =>
    runner(requested(), jitConfigIssued())
      .when({
        ...seen('online', false),
        observation: { status: 'online', busy: false, githubRunnerId: 99, labels: [] },
      })
      .thenNothing());

  it('recognises a runner that registered itself', () =>
    runner(requested({ provisioningMethod: 'registration_token' }), registrationTokenIssued())
      .when(seen('online', false))
      .thenRecorded(
        runnerEvent('RunnerRegistered')({
          ...RUNNER,
          githubRunnerId: GITHUB_RUNNER_ID,
          labels: ['self-hosted', 'linux', 'x64', 'gpu'],
          registeredAt: AT.online,
        }),
        cameOnline(),
      ));

  it('recognises it by its name alone: other labels than asked for are drift', () =>
    runner(requested({ provisioningMethod: 'registration_token' }), registrationTokenIssued())
      .when(seen('offline', false, AT.online, ['prod']))
      .thenRecorded(
        runnerEvent('RunnerRegistered')({
          ...RUNNER,
          githubRunnerId: GITHUB_RUNNER_ID,
          labels: ['prod'],
          registeredAt: AT.online,
        }),
        labelsDrifted(['prod'], { missing: ['gpu'], unexpected: ['prod'] }),
      ));

  it('a runner that vanished', () =>
    runner(requested(), jitConfigIssued(), cameOnline()).when(gone()).thenRecorded(deleted('vanished')));

  it('an ephemeral runner that ran a job and is gone has done its work', () =>
    runner(requested(), jitConfigIssued(), cameOnline(true))
      .when(gone())
      .thenRecorded(deleted('job-completed')));

  it.each([
    ['idle', runnerEvent('RunnerBecameIdle')({ ...RUNNER, seenAt: AT.completed })],
    ['offline', runnerEvent('RunnerWentOffline')({ ...RUNNER, seenAt: AT.completed })],
  ])('also when it was seen %s in between', (_, between) =>
    runner(
      requested(),
      jitConfigIssued(),
      cameOnline(),
      runnerEvent('RunnerBecameBusy')({ ...RUNNER, seenAt: AT.started }),
      between,
    )
      .when(gone())
      .thenRecorded(deleted('job-completed')),
  );
});

describe('labels changed at GitHub', () => {
  const idle = [requested(), jitConfigIssued(), cameOnline()];
  const toProduction = { missing: ['gpu'], unexpected: ['production'] };

  it('are drift', () =>
    runner(...idle)
      .when(seen('online', false, AT.online, ['linux', 'production']))
      .thenRecorded(labelsDrifted(['linux', 'production'], toProduction)));

  it('are drift of a busy runner, too', () =>
    runner(...idle, startedJob())
      .when(seen('online', true, AT.completed, ['production']))
      .thenRecorded(labelsDrifted(['production'], { ...toProduction, busy: true, seenAt: AT.completed })));

  it('are recorded once, whatever order and case GitHub shows them in', () =>
    runner(...idle, labelsDrifted(['linux', 'production'], toProduction))
      .when(seen('online', false, AT.later, ['Production', 'Linux', 'self-hosted']))
      .thenNothing());

  it('are recorded again when they have changed again', () =>
    runner(...idle, labelsDrifted(['production'], toProduction))
      .when(seen('online', false, AT.later, ['gpu', 'big']))
      .thenRecorded(labelsDrifted(['gpu', 'big'], { missing: [], unexpected: ['big'], seenAt: AT.later })));

  it('may be put right', () =>
    runner(...idle, labelsDrifted(['production'], toProduction))
      .when(seen('online', false, AT.later, ['gpu']))
      .thenRecorded(
        runnerEvent('RunnerLabelDriftResolved')({ ...RUNNER, labels: ['gpu'], seenAt: AT.later }),
      ));

  it('are no drift when only GitHub’s own labels or the case differ', () =>
    runner(...idle)
      .when(seen('online', false, AT.online, ['GPU', 'Windows', 'ARM64']))
      .thenNothing());

  it('are no news of a runner that is on its way out', () =>
    runner(...idle, deletionRequested())
      .when(seen('online', false, AT.later, ['production']))
      .thenNothing());

  it('are not undone by an older look', () =>
    runner(...idle, labelsDrifted(['production'], { ...toProduction, seenAt: AT.later }))
      .when(seen('online', false, AT.online, ['gpu']))
      .thenNothing());
});

describe('cancelling the workflow run', () => {
  const busy = [requested(), jitConfigIssued(), cameOnline(), startedJob()];
  const insist = { ...deprovision, untilConfirmed: true, cancelJob: true } as const;
  const asked = runnerEvent('RunnerDeprovisioningRequested')({
    ...RUNNER,
    reason: 'deprovisioned',
    untilConfirmed: true,
    cancelJob: true,
    requestedAt: AT.later,
  });
  const refusal = {
    type: 'RecordRunCancellationFailed',
    jobId: JOB.jobId,
    reason: 'github-refused',
  } as const;
  const refused = runnerEvent('RunnerWorkflowRunCancellationFailed')({
    ...RUNNER,
    job: JOB,
    reason: 'github-refused',
    failedAt: AT.later,
  });

  it('is asked for together with the deletion', () =>
    runner(...busy)
      .when(insist)
      .thenRecorded(asked, cancellationRequested()));

  it('is asked for when the deletion was only waited for until then, and its reason stays', () =>
    runner(...busy, insisted)
      .when(insist)
      .thenRecorded(
        runnerEvent('RunnerDeprovisioningRequested')({ ...asked.data, reason: 'team-suspended' }),
        cancellationRequested(),
      ));

  it('does not keep others from wanting the deletion in any case', () =>
    runner(...busy, asked, cancellationRequested())
      .when({ ...deprovision, reason: 'team-suspended', untilConfirmed: true })
      .thenRecorded(insisted));

  it('is asked for once', () =>
    runner(...busy, asked, cancellationRequested())
      .when(insist)
      .thenNothing());

  it('is asked for when the job turns up later', () =>
    runner(requested(), jitConfigIssued(), cameOnline(), asked)
      .when(jobReport('in_progress'))
      .thenRecorded(startedJob(), cancellationRequested()));

  it('is over when GitHub takes it', () =>
    runner(...busy, asked, cancellationRequested())
      .when({ type: 'RecordRunCancelled', jobId: JOB.jobId, at: AT.later })
      .thenRecorded(
        runnerEvent('RunnerWorkflowRunCancelled')({ ...RUNNER, job: JOB, cancelledAt: AT.later }),
      ));

  it('may be refused, and asked for again', () => {
    runner(...busy, asked, cancellationRequested())
      .when({ ...refusal, at: AT.later })
      .thenRecorded(refused);
    const failed = runnerEvent('RunnerDeprovisioningFailed')({
      ...RUNNER,
      reason: 'github-refused',
      failedAt: AT.later,
    });
    runner(...busy, asked, cancellationRequested(), refused, failed)
      .when(insist)
      .thenRecorded(asked, cancellationRequested());
  });

  it('matters no more once the job has ended', () =>
    runner(...busy, asked, cancellationRequested(), completedJob())
      .when({ ...refusal, at: AT.later })
      .thenNothing());
});

describe('what webhooks tell', () => {
  it('a job that started proves that the runner is online', () =>
    runner(requested(), jitConfigIssued())
      .when(jobReport('in_progress'))
      .thenRecorded(cameOnline(true, AT.started), startedJob()));

  it('an ephemeral runner ends with its job', () =>
    runner(requested(), jitConfigIssued(), cameOnline(), startedJob())
      .when(jobReport('completed'))
      .thenRecorded(completedJob(), deleted('job-completed')));

  it('a runner that is not ephemeral goes on', () =>
    runner(requested({ ephemeral: false }), jitConfigIssued(), cameOnline(), startedJob())
      .when(jobReport('completed'))
      .thenRecorded(completedJob()));

  it('the end may be told without the beginning', () =>
    runner(requested(), jitConfigIssued())
      .when(jobReport('completed'))
      .thenRecorded(cameOnline(true, AT.started), completedJob(), deleted('job-completed')));

  it('the beginning told after the end undoes nothing', () =>
    runner(requested(), jitConfigIssued(), cameOnline(), completedJob(), deleted('job-completed'))
      .when(jobReport('in_progress'))
      .thenNothing());

  it('the same told twice is told once', () =>
    runner(requested(), jitConfigIssued(), cameOnline(), startedJob())
      .when(jobReport('in_progress'))
      .thenNothing());

  it('what became of the job is kept although the runner is gone', () =>
    runner(requested(), jitConfigIssued(), cameOnline(), deleted('vanished'))
      .when(jobReport('completed'))
      .thenRecorded(completedJob()));
});

describe('deleting', () => {
  it('is recorded before GitHub is asked', () =>
    runner(requested(), jitConfigIssued()).when(deprovision).thenRecorded(deletionRequested()));

  it('twice is once', () =>
    runner(requested(), jitConfigIssued(), deletionRequested()).when(deprovision).thenNothing());

  it('may insist: a running job then delays it instead of refusing it', () =>
    runner(requested(), jitConfigIssued(), deletionRequested())
      .when({ ...deprovision, reason: 'team-suspended', untilConfirmed: true })
      .thenRecorded(insisted));

  it('insists once', () =>
    runner(requested(), jitConfigIssued(), insisted)
      .when({ ...deprovision, untilConfirmed: true })
      .thenNothing());

  it('of a runner that never was is refused', () => runner().when(deprovision).thenRefused('runner-unknown'));

  it('is refused when the runner is gone already', () =>
    runner(requested(), jitConfigIssued(), deletionRequested(), deleted('deprovisioned'))
      .when(deprovision)
      .thenRefused('already-deleted'));

  it('waits for GitHub to have answered the request', () =>
    runner(requested()).when(deprovision).thenRefused('provisioning-in-progress'));

  it('ends when GitHub confirmed', () =>
    runner(requested(), jitConfigIssued(), deletionRequested())
      .when({ type: 'RecordDeleted', at: AT.later })
      .thenRecorded(deleted('deprovisioned')));

  it('ends as well when a look shows that the runner is gone', () =>
    runner(requested(), jitConfigIssued(), deletionRequested())
      .when(gone())
      .thenRecorded(deleted('deprovisioned')));

  it('leaves the runner as it was when GitHub refuses', () =>
    runner(
      requested(),
      jitConfigIssued(),
      cameOnline(true),
      deletionRequested(),
      runnerEvent('RunnerDeprovisioningFailed')({ ...RUNNER, reason: 'runner-busy', failedAt: AT.later }),
    )
      .when(deprovision)
      .thenRecorded(deletionRequested()));

  it('that was refused forgets no job that started meanwhile', () =>
    runner(
      requested(),
      jitConfigIssued(),
      cameOnline(),
      deletionRequested(),
      startedJob(),
      runnerEvent('RunnerDeprovisioningFailed')({ ...RUNNER, reason: 'runner-busy', failedAt: AT.later }),
    )
      .when(jobReport('in_progress'))
      .thenNothing());

  it('comes by itself for a runner that never connected in time', () =>
    runner(requested(), jitConfigIssued())
      .when({ type: 'ExpireUnconnected', at: AT.later })
      .thenRecorded(deletionRequested('never-connected')));

  it('does not come for a runner that did connect', () =>
    runner(requested(), jitConfigIssued(), cameOnline())
      .when({ type: 'ExpireUnconnected', at: AT.later })
      .thenNothing());
});

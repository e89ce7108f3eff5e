/** The few instants and names that all lives share, so that their number stays finite. */
export const RUNNER = {
  runnerId: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01',
  scope: { kind: 'org' as const, login: 'octo-org' },
  installationId: 42,
};
export const RUNNER_NAME = 'gpu-1';
export const GITHUB_RUNNER_ID = 10_450;
export const LABELS = ['self-hosted', 'linux', 'x64', 'gpu'];
export const EDITED_LABELS = ['self-hosted', 'linux', 'x64', 'cpu'];

export const INSTANTS = {
  early: '2026-03-01T10:00:00.000Z',
  recorded: new Date('2026-03-01T10:00:00.000Z'),
  oldLook: '2026-03-01T10:00:10.000Z',
  look: '2026-03-01T10:00:20.000Z',
  overdue: '2026-03-01T10:10:00.000Z',
  expires: '2026-03-01T11:00:00.000Z',
  expired: '2026-03-01T12:00:00.000Z',
};

export const jobOf = (jobId: number) => ({
  jobId,
  runId: 800,
  runAttempt: 1,
  repository: 'octo-org/app',
  workflowName: 'build',
  jobName: 'test',
  htmlUrl: `https://github.com/octo-org/app/actions/runs/800/job/${jobId}`,
});

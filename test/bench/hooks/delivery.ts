import { createHmac } from 'node:crypto';

/** What a delivery tells of a job; the rest of the payload is the same for all. */
export type JobStage = {
  guid: string;
  /** Fifteen digits, like the ids GitHub gives out today or longer. */
  jobId: number;
  action: 'queued' | 'in_progress' | 'completed';
  /** Absent while no runner has taken the job. */
  runner?: { id: number; name: string };
};

export type Delivery = { headers: Record<string, string>; body: Buffer };

/** Names of the App and organisation the service listens to. */
export type Installation = { org: string; id: number; appId: number };

const JOB_ID = 900_000_000_000_000;
const STAND_IN = { jobId: String(JOB_ID), runnerId: '800000000000000', runnerName: 'runner-stand-in' };

/**
 * Makes signed `workflow_job` deliveries, each about 10 kB as GitHub's are. The payload is written once and cut at
 * what differs, so that making one costs the generator little more than its signature.
 */
export const deliveries = (secret: string, installation: Installation): ((stage: JobStage) => Delivery) => {
  const templates = new Map(
    (['queued', 'in_progress', 'completed'] as const).map((action) => [
      action,
      cut(payload(action, installation)),
    ]),
  );
  return ({ guid, jobId, action, runner }) => {
    const filled = (templates.get(action) ?? []).map((piece) => {
      if (piece === STAND_IN.jobId) return String(jobId);
      if (piece === STAND_IN.runnerId) return String(runner?.id ?? 0);
      return piece === STAND_IN.runnerName ? (runner?.name ?? '') : piece;
    });
    const body = Buffer.from(filled.join(''));
    return {
      headers: {
        accept: '*/*',
        'content-type': 'application/json',
        'content-length': String(body.length),
        'user-agent': 'GitHub-Hookshot/51aa7ae',
        'x-github-delivery': guid,
        'x-github-event': 'workflow_job',
        'x-github-hook-id': '42',
        'x-github-hook-installation-target-id': String(installation.appId),
        'x-github-hook-installation-target-type': 'integration',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
    };
  };
};

const cut = (text: string): string[] => text.split(/(900000000000000|800000000000000|runner-stand-in)/);

const payload = (action: JobStage['action'], { org, id }: Installation): string => {
  const api = 'https://api.github.com';
  const repository = `${api}/repos/${org}/machine-learning-pipelines-and-experiments`;
  const now = new Date().toISOString();
  const runner =
    action === 'queued'
      ? { runner_id: null, runner_name: null, runner_group_id: null, runner_group_name: null }
      : {
          runner_id: Number(STAND_IN.runnerId),
          runner_name: STAND_IN.runnerName,
          runner_group_id: 1,
          runner_group_name: 'Default',
        };
  return JSON.stringify({
    action,
    workflow_job: {
      id: JOB_ID,
      run_id: 700_000_000_000,
      workflow_name: 'Train and evaluate',
      head_branch: 'main',
      run_url: `${repository}/actions/runs/700000000000`,
      run_attempt: 1,
      node_id: 'CR_kwDOABCDEF8AAAAB',
      head_sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
      url: `${repository}/actions/jobs/${JOB_ID}`,
      html_url: `https://github.com/${org}/machine-learning-pipelines-and-experiments/actions/runs/700000000000/job/${JOB_ID}`,
      status: action,
      conclusion: action === 'completed' ? 'success' : null,
      created_at: now,
      started_at: now,
      completed_at: action === 'completed' ? now : null,
      name: 'train (large)',
      steps: stepsOf(action, now),
      check_run_url: `${repository}/check-runs/${JOB_ID}`,
      labels: ['self-hosted', 'linux', 'x64', 'gpu', 'ubuntu-22.04'],
      ...runner,
    },
    repository: {
      id: 1_296_269,
      full_name: `${org}/machine-learning-pipelines-and-experiments`,
      private: true,
      owner: account(api, org, 'Organization'),
      description: 'Models, and what they are trained with',
      ...links(repository),
    },
    organization: { login: org, id: 9919, url: `${api}/orgs/${org}`, hooks_url: `${api}/orgs/${org}/hooks` },
    sender: account(api, 'octocat', 'User'),
    installation: { id, node_id: 'MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uMQ==' },
  });
};

const stepsOf = (action: JobStage['action'], at: string) =>
  action === 'queued'
    ? []
    : Array.from({ length: 10 }, (_, index) => ({
        name: index === 0 ? 'Set up job' : `Run step ${index} of the training pipeline`,
        status: action,
        conclusion: action === 'completed' ? 'success' : null,
        number: index + 1,
        started_at: at,
        completed_at: action === 'completed' ? at : null,
      }));

const account = (api: string, login: string, type: string) => ({
  login,
  id: 583_231,
  type,
  site_admin: false,
  ...Object.fromEntries(
    ['followers', 'following', 'gists', 'starred', 'subscriptions', 'orgs', 'repos', 'events'].map((name) => [
      `${name}_url`,
      `${api}/users/${login}/${name}{/other}`,
    ]),
  ),
});

/** A repository comes with an address for everything that can be done with it. */
const links = (repository: string) =>
  Object.fromEntries(
    [
      ...[
        'archive',
        'assignees',
        'blobs',
        'branches',
        'collaborators',
        'comments',
        'commits',
        'compare',
        'contents',
      ],
      ...[
        'contributors',
        'deployments',
        'downloads',
        'events',
        'forks',
        'git_commits',
        'git_refs',
        'git_tags',
      ],
      ...[
        'hooks',
        'issue_comment',
        'issue_events',
        'issues',
        'keys',
        'labels',
        'languages',
        'merges',
        'milestones',
      ],
      ...[
        'notifications',
        'pulls',
        'releases',
        'stargazers',
        'statuses',
        'subscribers',
        'subscription',
        'tags',
      ],
      ...['teams', 'trees'],
    ].flatMap((name) => [
      [
        `${name}_url`,
        `${repository}/${name.replace('_', '/')}{/name}{?since,all,participating,direction,per_page,page}`,
      ],
      [`${name}_count`, 1],
    ]),
  );

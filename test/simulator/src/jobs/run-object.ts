import { toSecondsIso } from '../clock.js';
import { bornAt, type GitHubNames, nodeId } from '../github/accounts.js';
import {
  minimalRepositoryObject,
  type Repository,
  repositoryId,
  senderObject,
} from '../github/repository.js';
import { type RunState, type WorkflowRun, workflowPath } from './workflow-run.js';

/** The run object of REST and of webhooks, as of the attempt the state belongs to. */
export function runObject(
  run: WorkflowRun,
  state: RunState,
  attempt: number,
  repository: Repository,
  names: GitHubNames,
) {
  const full = `${names.org}/${run.repository}`;
  const api = `${names.apiUrl()}/repos/${full}`;
  const url = `${api}/actions/runs/${run.id}`;
  const person = senderObject(names);
  const author = { name: 'Octocat', email: 'octocat@example.test' };
  const short = minimalRepositoryObject(names, repository);
  const suite = run.id + 1_000_000;
  return {
    id: run.id,
    name: run.workflowName,
    node_id: nodeId('WFR', run.id),
    check_suite_id: suite,
    check_suite_node_id: nodeId('CS', suite),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: workflowPath(run.workflowName),
    display_title: 'Change the world',
    run_number: run.number,
    run_attempt: attempt,
    referenced_workflows: [],
    event: run.event,
    status: state.status,
    conclusion: state.conclusion,
    workflow_id: workflowId(run),
    url,
    html_url: `${names.baseUrl()}/${full}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: toSecondsIso(run.createdAt),
    updated_at: toSecondsIso(state.updatedAt),
    run_started_at: toSecondsIso(attempt === run.attempt ? run.attemptStartedAt : run.createdAt),
    actor: person,
    triggering_actor: person,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${suite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt > 1 ? `${url}/attempts/${attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${workflowId(run)}`,
    head_commit: {
      id: run.headSha,
      tree_id: run.headSha,
      message: 'Change the world',
      timestamp: toSecondsIso(run.createdAt),
      author,
      committer: author,
    },
    repository: short,
    head_repository: short,
  };
}

/** The workflow a run is of, as its webhook shows it. */
export function workflowObject(run: WorkflowRun, names: GitHubNames) {
  const full = `${names.org}/${run.repository}`;
  const id = workflowId(run);
  const path = workflowPath(run.workflowName);
  return {
    id,
    node_id: nodeId('W', id),
    name: run.workflowName,
    path,
    state: 'active',
    created_at: bornAt,
    updated_at: bornAt,
    url: `${names.apiUrl()}/repos/${full}/actions/workflows/${id}`,
    html_url: `${names.baseUrl()}/${full}/blob/main/${path}`,
    badge_url: `${names.baseUrl()}/${full}/workflows/${encodeURIComponent(run.workflowName)}/badge.svg`,
  };
}

/** The same number for the same workflow of a repository, always. */
const workflowId = ({ repository, workflowName }: WorkflowRun): number =>
  repositoryId(`${repository}/${workflowPath(workflowName)}`);

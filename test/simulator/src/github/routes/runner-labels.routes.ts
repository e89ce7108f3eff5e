import { GitHubError, unprocessable } from '../github-error.js';
import { type GitHubRequest, type GitHubRoute, ok } from '../github-route.js';
import { objectBody, required, texts } from '../request-body.js';
import type { RunnerLabel } from '../runner.js';
import { toLabels } from '../runner-labels.js';
import type { RunnerRegistry } from '../runner-registry.js';
import { labelNames, runnerOf } from './runners.routes.js';

const base = '/orgs/:org/actions/runners/:runner_id/labels';
const docs = '/actions/self-hosted-runners';
const write = 'organization_self_hosted_runners=write';

/** Labels of a runner, also of a JIT runner. Read-only ones stay whatever is asked. */
export function runnerLabelRoutes(runners: RunnerRegistry, onChanged: () => void): GitHubRoute[] {
  const change = (request: GitHubRequest, next: (labels: RunnerLabel[]) => RunnerLabel[]) => {
    const runner = runnerOf(request, runners);
    const { labels } = runners.change(runner, { labels: next(runner.labels) });
    onChanged();
    return listed(labels);
  };

  return [
    {
      method: 'GET',
      path: base,
      operation: 'actions/list-labels-for-self-hosted-runner-for-org',
      docs: `${docs}#list-labels-for-a-self-hosted-runner-for-an-organization`,
      access: 'installation',
      permission: 'organization_self_hosted_runners=read',
      handle: (request) => listed(runnerOf(request, runners).labels),
    },
    {
      method: 'POST',
      path: base,
      operation: 'actions/add-custom-labels-to-self-hosted-runner-for-org',
      docs: `${docs}#add-custom-labels-to-a-self-hosted-runner-for-an-organization`,
      access: 'installation',
      permission: write,
      handle: (request) => {
        const added = labelsAsked(request, 1);
        return change(request, (labels) => union(labels, added));
      },
    },
    {
      method: 'PUT',
      path: base,
      operation: 'actions/set-custom-labels-for-self-hosted-runner-for-org',
      docs: `${docs}#set-custom-labels-for-a-self-hosted-runner-for-an-organization`,
      access: 'installation',
      permission: write,
      handle: (request) => {
        const set = labelsAsked(request, 0);
        return change(request, (labels) => union(labels.filter(readOnly), set));
      },
    },
    {
      method: 'DELETE',
      path: base,
      operation: 'actions/remove-all-custom-labels-from-self-hosted-runner-for-org',
      docs: `${docs}#remove-all-custom-labels-from-a-self-hosted-runner-for-an-organization`,
      access: 'installation',
      permission: write,
      handle: (request) => change(request, (labels) => labels.filter(readOnly)),
    },
    {
      method: 'DELETE',
      path: `${base}/:name`,
      operation: 'actions/remove-custom-label-from-self-hosted-runner-for-org',
      docs: `${docs}#remove-a-custom-label-from-a-self-hosted-runner-for-an-organization`,
      access: 'installation',
      permission: write,
      handle: (request) => {
        const name = (request.params.name ?? '').toLowerCase();
        return change(request, (labels) => {
          const found = labels.find((label) => label.name === name);
          if (!found) throw new GitHubError(404, 'Not Found');
          if (readOnly(found)) throw unprocessable(`Label "${name}" is read-only and cannot be removed`);
          return labels.filter((label) => label !== found);
        });
      },
    },
  ];
}

const readOnly = (label: RunnerLabel): boolean => label.type === 'read-only';

const listed = (labels: RunnerLabel[]) => ok({ total_count: labels.length, labels });

function labelsAsked(request: GitHubRequest, least: 0 | 1): RunnerLabel[] {
  const body = objectBody(request.body);
  required(body, 'labels');
  return toLabels(labelNames(texts(body, 'labels', least, 100)), 'custom');
}

const union = (present: RunnerLabel[], added: RunnerLabel[]): RunnerLabel[] => [
  ...present,
  ...added.filter((label) => !present.some(({ name }) => name === label.name)),
];

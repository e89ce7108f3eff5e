import type { GenerateJitConfig } from '../generate-jit-config.js';
import { notFound, unprocessable } from '../github-error.js';
import { created, type GitHubRequest, type GitHubRoute, noContent, ok } from '../github-route.js';
import { paged } from '../paging.js';
import { integer, objectBody, required, text, texts } from '../request-body.js';
import { type Runner, toRunnerObject } from '../runner.js';
import { runnerDownloads } from '../runner-downloads.js';
import type { RunnerRegistry } from '../runner-registry.js';

export interface RunnerParts {
  runners: RunnerRegistry;
  generateJitConfig: GenerateJitConfig;
  /** Share of answers that leave out that a runner is working. */
  hiddenBusyRate: () => number;
  /** Called after a runner was deleted through the API. */
  onDeleted: (runner: Runner) => void;
}

const base = '/orgs/:org/actions/runners';
const docs = '/actions/self-hosted-runners';
const read = 'organization_self_hosted_runners=read';
const write = 'organization_self_hosted_runners=write';

/** Longest name and label; the first is not documented but seen by several projects. */
const longestName = 64;
const longestLabel = 256;

export function runnerRoutes(parts: RunnerParts): GitHubRoute[] {
  const { runners, generateJitConfig, hiddenBusyRate, onDeleted } = parts;
  const seen = (runner: Runner) => {
    const shown = toRunnerObject(runner);
    return shown.busy && Math.random() < hiddenBusyRate() ? { ...shown, busy: false } : shown;
  };

  return [
    {
      method: 'GET',
      path: base,
      operation: 'actions/list-self-hosted-runners-for-org',
      docs: `${docs}#list-self-hosted-runners-for-an-organization`,
      access: 'installation-or-registration',
      permission: read,
      handle: (request) => {
        const name = request.query.get('name');
        const listed = runners.listed().filter((runner) => name === null || runner.name === name);
        const { items, headers } = paged(listed, request);
        return ok({ total_count: listed.length, runners: items.map(seen) }, headers);
      },
    },
    {
      method: 'GET',
      path: `${base}/downloads`,
      operation: 'actions/list-runner-applications-for-org',
      docs: `${docs}#list-runner-applications-for-an-organization`,
      access: 'installation',
      permission: read,
      handle: () => ok(runnerDownloads),
    },
    {
      method: 'POST',
      path: `${base}/generate-jitconfig`,
      operation: 'actions/generate-runner-jitconfig-for-org',
      docs: `${docs}#create-configuration-for-a-just-in-time-runner-for-an-organization`,
      access: 'installation',
      permission: write,
      handle: async (request) => {
        const body = objectBody(request.body);
        required(body, 'name', 'runner_group_id', 'labels');
        const { runner, encodedJitConfig } = await generateJitConfig({
          name: runnerName(text(body, 'name')),
          runnerGroupId: integer(body, 'runner_group_id'),
          labels: labelNames(texts(body, 'labels', 1, 100)),
          workFolder: body.work_folder === undefined ? '_work' : text(body, 'work_folder'),
        });
        return created({ runner: toRunnerObject(runner), encoded_jit_config: encodedJitConfig });
      },
    },
    {
      method: 'GET',
      path: `${base}/:runner_id`,
      operation: 'actions/get-self-hosted-runner-for-org',
      docs: `${docs}#get-a-self-hosted-runner-for-an-organization`,
      access: 'installation',
      permission: read,
      handle: (request) => ok(seen(runnerOf(request, runners))),
    },
    {
      method: 'DELETE',
      path: `${base}/:runner_id`,
      operation: 'actions/delete-self-hosted-runner-from-org',
      docs: `${docs}#delete-a-self-hosted-runner-from-an-organization`,
      access: 'installation-or-registration',
      permission: write,
      handle: (request) => {
        const { caller } = request;
        if (caller.kind === 'registration' && caller.purpose !== 'remove') throw notFound();
        const runner = runnerOf(request, runners);
        if (runner.busy) {
          // The single closing quote is GitHub's.
          throw unprocessable(`Bad request - Runner "${runner.name}" is still running a job"`);
        }
        runners.remove(runner);
        onDeleted(runner);
        return noContent();
      },
    },
  ];
}

/** @throws GitHubError 404 */
export function runnerOf({ params }: GitHubRequest, runners: RunnerRegistry): Runner {
  const runner = runners.get(Number(params.runner_id));
  if (!runner) throw notFound();
  return runner;
}

/** @throws GitHubError 422 */
export function labelNames(names: string[]): string[] {
  const unfit = names.find((name) => name.trim() === '' || name.length > longestLabel);
  if (unfit !== undefined) throw unprocessable(`Invalid property /labels: \`${unfit}\` is not a valid label`);
  return names;
}

function runnerName(name: string): string {
  if (name.length === 0 || name.length > longestName) {
    throw unprocessable(`Invalid property /name: the name must have 1 to ${longestName} characters`);
  }
  return name;
}

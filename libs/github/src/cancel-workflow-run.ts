import { withDeadline } from './deadline.js';
import type { RunCancellation } from './github.port.js';
import type { GithubAnswer } from './github-answer.js';
import { type Installation, promised } from './installation.js';
import { refusals } from './refusals.js';

export type CancelDependencies = { installation: Installation; timeoutMs: number };

/** https://docs.github.com/rest/actions/workflow-runs#cancel-a-workflow-run */
export const cancelWorkflowRun = (
  repository: string,
  runId: number,
  { installation, timeoutMs }: CancelDependencies,
): Promise<RunCancellation> => {
  const [owner, repo] = repository.split('/');
  return withDeadline(timeoutMs, async (deadline) =>
    judge(
      repository,
      await installation.ask(
        {
          operation: 'cancelWorkflowRun',
          method: 'POST',
          path: '/repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
          parameters: { owner, repo, run_id: runId },
          priority: 'high',
          ifUncertain: 'The run may be on its way to its end nevertheless; cancelling it again is harmless.',
        },
        deadline,
      ),
    ),
  );
};

const judge = (repository: string, answer: GithubAnswer): RunCancellation => {
  if (answer.status === 409) return 'over';
  if (answer.status === 403 || answer.status === 404)
    throw refusals.cancellationForbidden(repository, { status: answer.status });
  return promised(answer, () => 'accepted' as const);
};

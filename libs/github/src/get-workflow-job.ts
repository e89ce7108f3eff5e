import { z } from 'zod';
import { withDeadline } from './deadline.js';
import type { GithubJob } from './github.port.js';
import { type Installation, promised } from './installation.js';

export type JobDependencies = { installation: Installation; timeoutMs: number };

/** https://docs.github.com/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run */
export const getWorkflowJob = (
  repository: string,
  jobId: number,
  { installation, timeoutMs }: JobDependencies,
): Promise<GithubJob | 'hidden'> => {
  const [owner, repo] = repository.split('/');
  return withDeadline(timeoutMs, async (deadline) => {
    const answer = await installation.ask(
      {
        operation: 'getWorkflowJob',
        method: 'GET',
        path: '/repos/{owner}/{repo}/actions/jobs/{job_id}',
        parameters: { owner, repo, job_id: jobId },
        priority: 'low',
      },
      deadline,
    );
    return answer.status === 403 || answer.status === 404 ? 'hidden' : promised(answer, readJob);
  });
};

const jobSchema = z.object({
  status: z.string(),
  conclusion: z.string().nullish(),
  started_at: z.iso.datetime({ offset: true }).nullish(),
  completed_at: z.iso.datetime({ offset: true }).nullish(),
});

const readJob = (data: unknown): GithubJob | undefined => {
  const answer = jobSchema.safeParse(data);
  if (!answer.success) return undefined;
  const { status, conclusion, started_at, completed_at } = answer.data;
  return {
    isCompleted: status === 'completed',
    conclusion: conclusion ?? null,
    ...(started_at ? { startedAt: new Date(started_at).toISOString() } : {}),
    ...(completed_at ? { completedAt: new Date(completed_at).toISOString() } : {}),
  };
};

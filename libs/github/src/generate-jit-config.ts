import { detailsOf, refusalOfStatus } from './answer-refusal.js';
import { type Deadline, withDeadline } from './deadline.js';
import type { JitConfig, JitConfigRequest } from './github.port.js';
import type { GithubAnswer } from './github-answer.js';
import { GithubRefusal } from './github-refusal.js';
import { type Installation, promised } from './installation.js';
import type { OrganisationVisibility } from './organisation-visibility.js';
import { refusals } from './refusals.js';
import { readJitConfig } from './runner-answers.js';

const ifUncertain = 'The runner may exist nevertheless: ask again under a new name.';

export type JitConfigDependencies = {
  installation: Installation;
  visibility: OrganisationVisibility;
  org: string;
  jitConfigTimeoutMs: number;
};

/**
 * One request, whatever comes of it: a repeated one would leave a runner behind that nobody has the configuration
 * of, and be answered 409. Only after a 404, which means that nothing was created, GitHub is asked what was missing.
 * https://docs.github.com/rest/actions/self-hosted-runners#create-configuration-for-a-just-in-time-runner-for-an-organization
 */
export const generateJitConfig = (
  { name, runnerGroupId, labels, workFolder }: JitConfigRequest,
  deps: JitConfigDependencies,
): Promise<JitConfig> =>
  withDeadline(deps.jitConfigTimeoutMs, async (deadline) => {
    const answer = await deps.installation.ask(
      {
        operation: 'generateJitConfig',
        method: 'POST',
        path: '/orgs/{org}/actions/runners/generate-jitconfig',
        parameters: {
          org: deps.org,
          name,
          runner_group_id: runnerGroupId,
          labels: [...labels],
          work_folder: workFolder,
        },
        priority: 'high',
        ifUncertain,
      },
      deadline,
    );
    if (answer.status === 409) throw refusals.nameTaken(name, detailsOf(answer));
    if (answer.status === 404) throw await whatIsMissing(answer, runnerGroupId, deps, deadline);
    return promised(answer, readJitConfig, ifUncertain);
  });

const whatIsMissing = async (
  answer: GithubAnswer,
  runnerGroupId: number,
  { installation, visibility, org }: JitConfigDependencies,
  deadline: Deadline,
): Promise<GithubRefusal> => {
  try {
    const group = await installation.ask(
      {
        operation: 'getRunnerGroup',
        method: 'GET',
        path: '/orgs/{org}/actions/runner-groups/{runner_group_id}',
        parameters: { org, runner_group_id: runnerGroupId },
        priority: 'high',
      },
      deadline,
    );
    if (group.status !== 404) return refusalOfStatus(answer);
    await visibility.prove(deadline);
    return refusals.runnerGroupUnknown(runnerGroupId, detailsOf(answer));
  } catch (error) {
    // the first answer stands: nothing was created
    if (error instanceof GithubRefusal) return refusalOfStatus(answer);
    throw error;
  }
};

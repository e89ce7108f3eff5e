import type { DeletionReason } from '#libs/contracts';

const DELETED_BECAUSE: Record<DeletionReason, string> = {
  'job-completed': 'its job was done',
  deprovisioned: 'somebody asked for it',
  'never-connected': 'it never connected',
  'label-drift': 'its labels had been changed',
  stale: 'it had not been seen for too long',
  vanished: 'it had vanished from GitHub',
  'provisioning-failed': 'its provisioning had failed',
  'team-suspended': 'its team was suspended',
};

type Data = Record<string, unknown>;

/** One plain sentence about an operation on a runner, from the record's own data. */
export const sentenceOf = (eventType: string, data: Data): string => {
  switch (eventType) {
    case 'provision_jit':
      return `A JIT config was handed out; at GitHub it is runner ${data.github_runner_id}.`;
    case 'provision':
      return `A registration token was handed out, good until ${data.expires_at}.`;
    case 'provision_failed':
      return `Nothing was handed out: ${data.reason}.`;
    case 'registered':
      return `It registered at GitHub as runner ${data.github_runner_id}.`;
    case 'online':
      return data.busy ? 'It came online and is running a job.' : 'It came online and waits for a job.';
    case 'offline':
      return 'It went offline.';
    case 'job_queued':
      return `${jobIn(data)} was queued.`;
    case 'job_started':
      return `${jobIn(data)} started on it.`;
    case 'job_completed':
      return `${jobIn(data)} completed: ${data.conclusion ?? 'without a conclusion'}.`;
    case 'job_outside_policy':
      return `${jobIn(data)} runs on labels the policy does not permit: ${listed(data.refused_labels)}.`;
    case 'job_cancellation_requested':
      return `The workflow run of ${jobIn(data)} is to be cancelled.`;
    case 'job_cancelled':
      return `GitHub cancels the workflow run of ${jobIn(data)}.`;
    case 'job_cancellation_failed':
      return `GitHub did not cancel the workflow run of ${jobIn(data)}: ${data.reason}.`;
    case 'label_drift':
      return `Its labels at GitHub were changed; added: ${listed(data.unexpected)}; missing: ${listed(data.missing)}.`;
    case 'surplus_machine':
      return `Another machine, ${data.surplus_name}, registered at GitHub with its token.`;
    case 'surplus_machine_removed':
      return `The other machine that had registered with its token, ${data.github_runner_id} at GitHub, was removed.`;
    case 'label_drift_resolved':
      return 'Its labels at GitHub are what was asked for again.';
    case 'refresh':
      return 'It was looked up at GitHub.';
    case 'deprovision':
      return `Its deletion was requested, because ${becauseOf(data)}.`;
    case 'deprovision_failed':
      return `GitHub did not delete it: ${data.reason}. It lives on.`;
    case 'deleted':
      return `It was deleted, because ${becauseOf(data)}.`;
    default:
      return `${eventType.replaceAll('_', ' ')}.`;
  }
};

const becauseOf = ({ reason }: Data): string => {
  const known = Object.entries(DELETED_BECAUSE).find(([code]) => code === reason);
  return known ? known[1] : String(reason);
};

const listed = (labels: unknown): string =>
  Array.isArray(labels) && labels.length > 0 ? labels.join(', ') : 'none';

const jobIn = ({ job }: Data): string => {
  const { job_name: name, repository } = (job ?? {}) as Data;
  return `Job "${name}" of ${repository}`;
};

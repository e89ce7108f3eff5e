import { GITHUB_RUNNER_ID, INSTANTS, jobOf, RUNNER } from './examples.js';
import type { Step } from './explore.js';
import type { Hook, Kind, Life } from './life.js';
import { decidedOrHalfDone, isThere, step } from './step.js';

const MOST_JOBS = 1;

/** What happens at GitHub, whoever does it. */
export const atGithub = (life: Life, { method, ephemeral, beside }: Kind): Step[] => {
  const { theirs, jobs, isHandedOut } = life;
  const hook = (stage: 'in_progress' | 'completed'): readonly Hook[] => [
    ...new Set([...life.hooks, `${stage === 'in_progress' ? jobs + 1 : jobs} ${stage}` as Hook]),
  ];
  if (!isThere(theirs)) {
    // a machine that registers with the token of a runner that is over is nobody's, and reported as such
    const isAwaited = life.ours.state === 'pending' && life.deletion === 'none';
    const mayRegister = method === 'registration_token' && theirs === 'not yet' && isHandedOut && isAwaited;
    return mayRegister
      ? [
          step('it registers and connects', {
            ...life,
            theirs: { online: true, busy: false, isEdited: false },
          }),
          step('it registers', { ...life, theirs: { online: false, busy: false, isEdited: false } }),
        ]
      : [];
  }
  const steps: Step[] = [];
  const { online, busy } = theirs;
  if (!online && !busy && isHandedOut)
    steps.push(step('it connects', { ...life, theirs: { ...theirs, online: true } }));
  if (online) steps.push(step('its machine is lost', { ...life, theirs: { ...theirs, online: false } }));
  if (online && !busy && jobs < (ephemeral ? 1 : MOST_JOBS))
    steps.push(
      step('it starts a job', {
        ...life,
        theirs: { ...theirs, busy: true },
        jobs: jobs + 1,
        hooks: hook('in_progress'),
      }),
    );
  if (busy)
    steps.push(
      step('its job ends', {
        ...life,
        theirs: ephemeral ? 'gone' : { ...theirs, busy: false },
        hooks: hook('completed'),
      }),
    );
  else steps.push(step('somebody removes it at GitHub', { ...life, theirs: 'gone' }));
  if (!theirs.isEdited && beside === 'labels are edited')
    steps.push(step('somebody edits its labels', { ...life, theirs: { ...theirs, isEdited: true } }));
  if (!online && !busy)
    steps.push(step('GitHub forgets what is offline for long', { ...life, theirs: 'gone' }));
  return steps;
};

/** Hooks come in any order, again, or not at all. */
export const deliveries = (life: Life): Step[] =>
  life.hooks.flatMap((hook) => {
    const [job = '', stage] = hook.split(' ') as [string, 'in_progress' | 'completed'];
    const rest = life.hooks.filter((other) => other !== hook);
    const isHeard = life.row !== undefined;
    const told = (hooks: readonly Hook[]) =>
      isHeard
        ? decidedOrHalfDone(
            { ...life, hooks },
            {
              type: 'RecordWorkflowJob',
              runnerId: RUNNER.runnerId,
              githubRunnerId: GITHUB_RUNNER_ID,
              stage,
              job: jobOf(Number(job)),
              conclusion: stage === 'completed' ? 'success' : null,
              queuedAt: INSTANTS.early,
              startedAt: INSTANTS.look,
              ...(stage === 'completed' ? { completedAt: INSTANTS.look } : {}),
              at: INSTANTS.look,
            },
          )
        : [{ ...life, hooks }];
    return [
      step(`the hook "job ${hook}" arrives`, ...told(rest)),
      step(`the hook "job ${hook}" arrives and will come again`, ...told(life.hooks)),
      step(`the hook "job ${hook}" is lost`, { ...life, hooks: rest }),
    ];
  });

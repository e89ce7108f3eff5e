import {
  type LabelDriftAction,
  labelDifference,
  ownLabels,
  type RunnerEvent,
  type RunnerFact,
  runnerEvent,
} from '#libs/contracts';
import type { LiveRunner } from './runner.state.js';
import { runsAJob } from './runner-jobs.js';

type Shown = { labels: readonly string[]; busy: boolean; seenAt: string; driftAction: LabelDriftAction };

/** What the labels GitHub shows add to what is known: each different set once, and that all is well again. */
export const decideLabels = (runner: LiveRunner, shown: Shown): RunnerEvent[] => {
  const { runnerId, scope, installationId, labels: expected, driftedTo } = runner;
  const fact: RunnerFact = { runnerId, scope, installationId };
  const observed = [...shown.labels];
  const { seenAt, driftAction: action } = shown;
  const difference = labelDifference(expected, observed);
  if (difference === undefined) {
    return driftedTo === undefined
      ? []
      : [runnerEvent('RunnerLabelDriftResolved')({ ...fact, labels: observed, seenAt })];
  }
  if (driftedTo !== undefined && isSameSet(driftedTo, observed)) return [];
  const { runnerName, teamId } = runner;
  const busy = shown.busy || runsAJob(runner.jobs);
  return [
    runnerEvent('RunnerLabelsDrifted')({
      ...fact,
      runnerName,
      ...(teamId === undefined ? {} : { teamId }),
      expected: [...expected],
      observed,
      ...difference,
      action,
      busy,
      seenAt,
    }),
  ];
};

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  ownLabels(one).join() === ownLabels(other).join();

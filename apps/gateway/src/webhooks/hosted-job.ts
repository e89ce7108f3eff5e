export type WhereItRuns = {
  labels: readonly string[];
  runnerName?: string | undefined;
  runnerGroupName?: string | null | undefined;
};

/** `ubuntu-latest`, `ubuntu-24.04-arm`, `windows-2025`, `macos-15-xlarge`: the images GitHub offers. */
const IMAGE = /^(ubuntu|windows|macos)-(latest|slim|\d[\d.]*)(-[a-z0-9]+)*$/i;
const GITHUBS_GROUP = 'GitHub Actions';

/**
 * Whether a job runs on a machine of GitHub's own. Once it has a runner only that counts, because self-hosted runners
 * may bear the labels of images; no runner of ours can have a blank in its name.
 */
export const isHostedJob = ({ labels, runnerName, runnerGroupName }: WhereItRuns): boolean => {
  if (!runnerName) return labels.length > 0 && labels.every((label) => IMAGE.test(label));
  return (
    /^GitHub Actions \d+$/.test(runnerName) || (runnerGroupName === GITHUBS_GROUP && runnerName.includes(' '))
  );
};

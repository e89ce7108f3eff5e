/** Version of the runner program this GitHub offers; the simulated runner calls itself the same. */
export const runnerVersion = '2.336.0';

const application = (os: 'linux' | 'osx' | 'win', architecture: 'x64' | 'arm' | 'arm64') => {
  const filename = `actions-runner-${os}-${architecture}-${runnerVersion}.${os === 'win' ? 'zip' : 'tar.gz'}`;
  return {
    os,
    architecture,
    download_url: `https://github.com/actions/runner/releases/download/v${runnerVersion}/${filename}`,
    filename,
  };
};

/** What GET …/runners/downloads lists. The files are at github.com, not here. */
export const runnerDownloads = [
  application('osx', 'x64'),
  application('osx', 'arm64'),
  application('linux', 'x64'),
  application('linux', 'arm'),
  application('linux', 'arm64'),
  application('win', 'x64'),
  application('win', 'arm64'),
];

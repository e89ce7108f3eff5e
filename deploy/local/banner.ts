import { relative } from 'node:path';
import type { Configuration } from './configuration/configuration.js';

const requestBody = '{"runner_name_prefix":"demo","labels":["gpu"]}';
const printConfig = `node -pe 'JSON.parse(require("node:fs").readFileSync(0, "utf8")).encoded_jit_config'`;

/** What is printed once everything is ready. `token` is absent when none is needed or none can be given. */
export function banner(configuration: Configuration, token: string | undefined): string {
  const { publicUrl, simulated, authenticated } = configuration;
  const lines = [
    '',
    `The Runner Token Service is ready at ${publicUrl}`,
    ...(simulated ? ['', ...simulatorNotice] : []),
    ...(authenticated ? [] : ['', 'Authentication is OFF: every caller is an administrator.']),
    '',
    `  API        ${publicUrl}/api/v1   (described at ${publicUrl}/docs)`,
    `  Dashboard  ${publicUrl}/dashboard`,
    `  Data       ${configuration.dataDirectory}   (logs in log/, addresses in run/)`,
    ...(token === undefined ? [] : [`  Token      ${token}`]),
    ...(simulated ? ['', ...firstSteps(configuration, token)] : []),
    '',
    'Stop with Ctrl-C.',
    '',
  ];
  return lines.join('\n');
}

const simulatorNotice = [
  '*** SIMULATOR MODE: no GitHub and no identity provider are configured. ***',
  '*** GitHub, the runners and the sign-in are simulated on this machine. ***',
];

function firstSteps(configuration: Configuration, token: string | undefined): string[] {
  const call = curl(configuration.publicUrl, token);
  return [
    ...(token === undefined ? [] : ['The token is for user dev and good for 7 days.', '']),
    'Ask for a runner:',
    '',
    `  ${call}`,
    '',
    'Ask for one and let a simulated runner work with it, from this folder:',
    '',
    `  JIT_CONFIG=$(${call} | ${printConfig})`,
    `  ${dataDirectoryFor(configuration)}npm run demo:runner -- "$JIT_CONFIG"`,
  ];
}

const curl = (publicUrl: string, token: string | undefined) =>
  [
    `curl -sS -X POST ${publicUrl}/api/v1/runners/jit`,
    ...(token === undefined ? [] : [`-H 'Authorization: Bearer ${token}'`]),
    `-H 'Content-Type: application/json' -d '${requestBody}'`,
  ].join(' ');

/** The demo runner looks for the simulator in the data directory. */
const dataDirectoryFor = ({ dataDirectory, variables }: Configuration) =>
  variables.DATA_DIR === undefined ? '' : `DATA_DIR='${relative(process.cwd(), dataDirectory) || '.'}' `;

import { join } from 'node:path';
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
  const { dataDirectory, publicUrl } = configuration;
  const devFile = join(dataDirectory, 'run', 'dev.json');
  const authorization = (value: string) =>
    token === undefined ? '' : `-H "Authorization: Bearer ${value}" `;
  const curl = (value: string) =>
    `curl -sS -X POST ${publicUrl}/api/v1/runners/jit ${authorization(value)}` +
    `-H 'Content-Type: application/json' -d '${requestBody}'`;
  return [
    ...(token === undefined
      ? []
      : [`The token is for user dev, good for 7 days, and kept in ${devFile}`, '']),
    'Ask for a runner:',
    '',
    `  ${curl(token ?? '')}`,
    '',
    'Ask for one and let a simulated runner work with it (type this in the folder of the project):',
    '',
    ...(token === undefined ? [] : [`  TOKEN=$(node -p 'require("${devFile}").token')`]),
    `  JIT_CONFIG=$(${curl('$TOKEN')} | ${printConfig})`,
    '  npm run demo:runner -- "$JIT_CONFIG"',
  ];
}

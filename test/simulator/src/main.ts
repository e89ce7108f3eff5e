import { appKey } from './app-key.js';
import { introduction } from './introduction.js';
import { buildFarm } from './oidc/clients.js';
import { recorder } from './recorder.js';
import { writeRunFile } from './run-file.js';
import { readConfig } from './simulator.config.js';
import { runSimulator } from './simulator.js';

const config = readConfig(process.env);
const key = appKey(config.GITHUB_APP_PRIVATE_KEY_PATH);
const simulator = await runSimulator({
  port: config.SIMULATOR_PORT,
  file: config.SIMULATOR_FILE,
  github: {
    appId: config.GITHUB_APP_ID,
    installationId: config.GITHUB_APP_INSTALLATION_ID,
    privateKeyPem: key.pem,
    org: config.GITHUB_ORG,
  },
  hook: { url: config.WEBHOOK_URL, secret: config.GITHUB_WEBHOOK_SECRET },
  oidc: {
    audience: config.OIDC_AUDIENCE,
    clientId: config.OIDC_CLIENT_ID,
    clientSecret: config.OIDC_CLIENT_SECRET,
    publicUrl: config.PUBLIC_URL,
  },
  runnerKeys: 8,
  logLevel: config.LOG_LEVEL,
  ...(config.SIMULATOR_RECORD_FILE ? { observer: recorder(config.SIMULATOR_RECORD_FILE) } : {}),
});
const { url, oidc, logger } = simulator;

if (config.RUN_FILE) {
  writeRunFile(config.RUN_FILE, {
    app: 'simulator',
    pid: process.pid,
    internal_url: url,
    github_api_url: url,
    oidc_issuer: oidc.issuer,
  });
}
logger.info({ url, oidc_issuer: oidc.issuer, org: config.GITHUB_ORG }, 'listening');

if (key.made) {
  // For a person, so on stderr: stdout carries log lines only.
  process.stderr.write(
    introduction({
      url,
      oidcIssuer: oidc.issuer,
      appId: config.GITHUB_APP_ID,
      installationId: config.GITHUB_APP_INSTALLATION_ID,
      privateKeyPath: key.path,
      org: config.GITHUB_ORG,
      oidcAudience: config.OIDC_AUDIENCE,
      oidcClientId: config.OIDC_CLIENT_ID,
      machineClientId: buildFarm.clientId,
      webhookUrl: config.WEBHOOK_URL,
    }),
  );
}

let stopping = false;
const stop = async (signal: NodeJS.Signals) => {
  if (stopping) return;
  stopping = true;
  logger.info({ signal }, 'stopping');
  await simulator.stop();
  key.discard();
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

import { join } from 'node:path';
import type { Configuration, Variables } from './configuration/configuration.js';
import {
  commonValues,
  natsPasswords,
  natsUrl,
  ownValues,
  type Ports,
  type SimulatorAddresses,
  simulatedAccounts,
  simulatedSettings,
  simulatorValues,
  storeValues,
} from './configuration/installation-values.js';
import { environmentOf } from './configuration/process-environment.js';
import type { AppName, OwnProcessName } from './configuration/process-names.js';
import type { Program } from './processes/supervised-process.js';
import type { DataDirectory } from './state/data-directory.js';
import type { Secrets } from './state/secrets.js';

/** What all programs of one installation are made of. */
export interface Installation {
  readonly configuration: Configuration;
  readonly data: DataDirectory;
  readonly ports: Ports;
  readonly secrets: Secrets;
  /** Of the project. */
  readonly root: string;
  /** The compiled main file of one of our processes. */
  readonly mainFile: (name: OwnProcessName) => string;
}

const folderOf = (name: OwnProcessName) => {
  if (name === 'event-store') return 'libs/embedded-event-store';
  return name === 'simulator' ? 'test/simulator' : `apps/${name}`;
};

export const mainFileIn = (root: string) => (name: OwnProcessName) =>
  join(root, 'dist', folderOf(name), 'src', 'main.js');

/** A small young generation keeps an idle process tens of MB smaller; it costs a few hundredths of the CPU. */
const SMALL = ['--max-semi-space-size=4'];
/** The store's work is short-lived messages: more room for them, and a bound that keeps it below 200 MiB. */
const STORE = ['--max-semi-space-size=8', '--max-old-space-size=128'];

const nodeFlagsOf = (name: OwnProcessName) => (name === 'event-store' ? STORE : SMALL);

export const natsProgram = ({ configuration, ports, secrets, root }: Installation): Program => ({
  name: 'nats',
  command: configuration.variables.RTS_NATS_SERVER ?? 'nats-server',
  args: [
    ...['-c', join(root, 'deploy', 'nats', 'nats.conf')],
    ...['-a', '127.0.0.1', '-p', String(ports.nats), '-m', String(ports['nats-monitoring'])],
  ],
  environment: environmentOf('nats', configuration.variables, natsPasswords(secrets)),
});

export const storeProgram = (installation: Installation): Program =>
  ownProgram('event-store', installation, storeValues(installation.ports, installation.data));

export const simulatorProgram = (installation: Installation): Program => {
  const { configuration, ports, data, secrets } = installation;
  return ownProgram('simulator', installation, {
    ...simulatedAccounts(configuration, secrets),
    ...simulatorValues(configuration, ports, data, secrets),
  });
};

/** `simulator` is absent when the real systems are used. */
export const appProgram = (
  name: AppName,
  installation: Installation,
  simulator: SimulatorAddresses | undefined,
): Program => {
  const { configuration, ports, secrets } = installation;
  return ownProgram(name, installation, {
    ...(simulator && {
      ...simulatedAccounts(configuration, secrets),
      ...simulatedSettings(configuration, simulator),
    }),
    NATS_URL: natsUrl(name, configuration.variables, ports, secrets),
  });
};

function ownProgram(name: OwnProcessName, installation: Installation, values: Variables): Program {
  const { configuration, ports, secrets, data, mainFile } = installation;
  const environment = environmentOf(name, configuration.variables, {
    ...commonValues(configuration, ports, secrets),
    ...values,
    ...ownValues(name, ports, data),
  });
  return { name, command: process.execPath, args: [...nodeFlagsOf(name), mainFile(name)], environment };
}

export const natsMonitoringUrl = ({ ports }: Installation) => `http://127.0.0.1:${ports['nats-monitoring']}`;

export const natsAddress = ({ ports }: Installation) => `nats://127.0.0.1:${ports.nats}`;

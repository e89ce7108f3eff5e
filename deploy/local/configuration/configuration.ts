import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { StartRefused } from '../start-refused.js';
import { isFlag, variableShapes } from './variable-shapes.js';

export type Variables = Readonly<Record<string, string>>;

export interface Configuration {
  /** Nothing was said about GitHub or an identity provider: both are simulated. */
  readonly simulated: boolean;
  readonly authenticated: boolean;
  /** Absolute path. */
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  /** How callers name the service. */
  readonly publicUrl: string;
  /** How processes on this machine reach the service. */
  readonly localUrl: string;
  /** What was set, the empty ones left out. */
  readonly variables: Variables;
}

const githubVariables = [
  'GITHUB_APP_ID',
  'GITHUB_APP_INSTALLATION_ID',
  'GITHUB_APP_PRIVATE_KEY_PATH',
  'GITHUB_ORG',
] as const;
const oidcVariables = ['OIDC_ISSUER', 'OIDC_AUDIENCE'] as const;

/**
 * `.env` of the working directory below the process's own environment. An empty variable is an absent one; flags
 * may be written in any case.
 */
export function readVariables(environment: NodeJS.ProcessEnv, workingDirectory: string): Variables {
  const file = resolve(workingDirectory, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const given = Object.entries({ ...fromFile, ...environment });
  return Object.fromEntries(
    given.flatMap(([name, value]) => (value ? [[name, isFlag(name) ? value.toLowerCase() : value]] : [])),
  );
}

/** @throws StartRefused naming all faults at once */
export function readConfiguration(variables: Variables, workingDirectory: string): Configuration {
  const authenticated = variables.ENABLE_OIDC_AUTH !== 'false';
  const simulated = [...githubVariables, ...oidcVariables].every((name) => variables[name] === undefined);
  const host = variables.SERVICE_HOST ?? '127.0.0.1';
  const faults = [
    ...shapeFaults(variables),
    ...(simulated ? [] : missingVariables(variables, authenticated)),
    ...keyFaults(variables, workingDirectory),
    ...safetyFaults(variables, host, authenticated),
  ];
  if (faults.length > 0) throw new StartRefused(faults);

  const port = Number(variables.SERVICE_PORT ?? 8000);
  return {
    simulated,
    authenticated,
    dataDirectory: resolve(workingDirectory, variables.DATA_DIR ?? 'data'),
    host,
    port,
    publicUrl: (variables.PUBLIC_URL ?? `http://${nameOf(host)}:${port}`).replace(/\/+$/, ''),
    localUrl: `http://${reachable(host)}:${port}`,
    variables,
  };
}

const shapeFaults = (variables: Variables) =>
  Object.entries(variableShapes).flatMap(([name, shape]) => {
    const value = variables[name];
    const complaint = value === undefined ? undefined : shape(value);
    return complaint === undefined ? [] : [`${name} ${complaint}.`];
  });

function missingVariables(variables: Variables, authenticated: boolean): string[] {
  const needed = authenticated ? [...githubVariables, ...oidcVariables] : githubVariables;
  const missing = needed.filter((name) => variables[name] === undefined);
  if (missing.length === 0) return [];
  return [
    `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. Set all of ${needed.join(', ')}, ` +
      'or none of them to run against the built-in simulator.',
  ];
}

function keyFaults(variables: Variables, workingDirectory: string): string[] {
  const path = variables.GITHUB_APP_PRIVATE_KEY_PATH;
  if (path === undefined) return [];
  try {
    accessSync(resolve(workingDirectory, path), constants.R_OK);
    return [];
  } catch {
    return [`GITHUB_APP_PRIVATE_KEY_PATH names a file that cannot be read: ${path}`];
  }
}

function safetyFaults(variables: Variables, host: string, authenticated: boolean): string[] {
  const allowed = (name: string) => variables[name] === 'true';
  const open = !authenticated && !isLoopback(host) && !allowed('ALLOW_INSECURE_AUTH');
  const unfit =
    variables.NODE_ENV === 'production' &&
    variables.EVENTSTORE_URL === undefined &&
    !allowed('ALLOW_EMBEDDED_EVENT_STORE');
  return [
    ...(open
      ? [
          `ENABLE_OIDC_AUTH=false makes everybody who reaches ${host} an administrator. Leave SERVICE_HOST at 127.0.0.1, or set ALLOW_INSECURE_AUTH=true.`,
        ]
      : []),
    ...(unfit
      ? [
          'NODE_ENV=production needs EVENTSTORE_URL. To use the embedded store all the same, set ALLOW_EMBEDDED_EVENT_STORE=true.',
        ]
      : []),
  ];
}

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

const isAnyAddress = (host: string) => host === '0.0.0.0' || host === '::';

const nameOf = (host: string) => (isLoopback(host) || isAnyAddress(host) ? 'localhost' : bracketed(host));

function reachable(host: string): string {
  if (isAnyAddress(host)) return host === '::' ? '[::1]' : '127.0.0.1';
  return bracketed(host);
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host);

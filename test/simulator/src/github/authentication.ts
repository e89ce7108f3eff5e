import type { Clock } from '../clock.js';
import { type AppIdentity, looksLikeJwt, undecodableJwt, verifyAppJwt } from './app-jwt.js';
import type { Access, Caller } from './caller.js';
import { GitHubError, notFound } from './github-error.js';
import type { InstallationTokens } from './installation-tokens.js';
import type { RegistrationTokens } from './registration-tokens.js';

export interface Credentials {
  app: AppIdentity;
  installationTokens: InstallationTokens;
  registrationTokens: RegistrationTokens;
  clock: Clock;
}

/**
 * Who calls, judged by the `Authorization` header and by what the route accepts.
 * @throws GitHubError 401
 */
export function authenticate(header: string | undefined, access: Access, known: Credentials): Caller {
  if (access === 'anybody') return { kind: 'nobody' };
  const [, scheme = '', token = ''] = /^(\S+)\s+(\S+)$/.exec(header ?? '') ?? [];
  const remote = scheme.toLowerCase() === 'remoteauth';
  const bearer = ['bearer', 'token'].includes(scheme.toLowerCase());

  if (access === 'app') {
    if (!bearer || !looksLikeJwt(token)) throw undecodableJwt();
    verifyAppJwt(token, known.app, known.clock.seconds());
    return { kind: 'app' };
  }
  if (access !== 'installation' && remote) {
    const purpose = known.registrationTokens.find(token);
    if (!purpose) throw access === 'registration' ? notFound() : badCredentials();
    return { kind: 'registration', purpose };
  }
  if (access === 'registration') throw notFound();
  if (!bearer) throw new GitHubError(401, 'Requires authentication');
  const permissions = known.installationTokens.find(token);
  if (!permissions) throw badCredentials();
  return { kind: 'installation', token, permissions };
}

const badCredentials = () =>
  new GitHubError(401, 'Bad credentials', { documentationUrl: 'https://docs.github.com/rest' });

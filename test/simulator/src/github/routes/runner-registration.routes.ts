import { randomUUID } from 'node:crypto';
import type { ServiceTokens } from '../../runner-service/service-tokens.js';
import type { RunnerServiceUrls } from '../../runner-service/urls.js';
import { nameTaken } from '../generate-jit-config.js';
import { notFound, unprocessable } from '../github-error.js';
import { type GitHubRoute, ok } from '../github-route.js';
import { integer, type JsonObject, objectBody, required, text } from '../request-body.js';
import type { RunnerLabel } from '../runner.js';
import type { RunnerGroups } from '../runner-groups.js';
import { toLabels } from '../runner-labels.js';
import type { RunnerRegistry } from '../runner-registry.js';

export interface RegistrationParts {
  runners: RunnerRegistry;
  groups: RunnerGroups;
  tokens: ServiceTokens;
  urls: () => RunnerServiceUrls;
}

const docs = '/actions/self-hosted-runners';

/** What `config.sh --url --token` asks: the runner makes the key pair and sends the public half. */
export const runnerRegistrationRoutes = (parts: RegistrationParts): GitHubRoute[] => [
  {
    method: 'POST',
    path: '/actions/runner-registration',
    operation: 'runner-registration',
    docs,
    access: 'registration',
    resource: 'actions_runner_registration',
    handle: ({ body, caller }) => {
      const asked = objectBody(body);
      required(asked, 'url', 'runner_event');
      if (text(asked, 'url').toLowerCase() !== parts.urls().github.toLowerCase()) throw notFound();
      const wanted = text(asked, 'runner_event') === 'remove' ? 'remove' : 'registration';
      if (caller.kind !== 'registration' || caller.purpose !== wanted) throw notFound();
      return ok({
        url: parts.urls().pipelines,
        token_schema: 'OAuthAccessToken',
        token: parts.tokens.mint({ purpose: wanted }, 3600),
        use_v2_flow: true,
      });
    },
  },
  {
    method: 'POST',
    path: '/actions/runners/register',
    operation: 'runners/register',
    docs,
    access: 'registration',
    handle: ({ body, caller }) => {
      if (caller.kind !== 'registration' || caller.purpose !== 'registration') throw notFound();
      const asked = objectBody(body);
      required(asked, 'url', 'group_id', 'name', 'public_key');
      const name = text(asked, 'name');
      const groupId = integer(asked, 'group_id');
      if (!parts.groups.get(groupId)) throw notFound();
      const present = parts.runners.findByName(name);
      if (present && asked.replace !== true) throw nameTaken(name);
      if (present) parts.runners.remove(present);
      const clientId = randomUUID();
      const runner = parts.runners.add({
        name,
        os: 'unknown',
        status: 'offline',
        busy: false,
        ephemeral: asked.ephemeral === true,
        ...(typeof asked.version === 'string' ? { version: asked.version } : {}),
        runner_group_id: groupId,
        labels: labelsOf(asked),
        credentials: { clientId, publicKey: publicKeyOf(text(asked, 'public_key')) },
      });
      const { authorization, broker } = parts.urls();
      return ok({
        id: runner.id,
        name,
        authorization: { authorization_url: authorization, server_url: broker, client_id: clientId },
      });
    },
  },
];

/** `system` labels are the ones the program adds by itself. */
function labelsOf({ labels = [] }: JsonObject): RunnerLabel[] {
  if (!Array.isArray(labels)) throw unprocessable('Invalid property /labels: an array is expected');
  return labels.flatMap((label: unknown) => {
    if (typeof label !== 'object' || label === null || !('name' in label)) return [];
    const system = 'type' in label && String(label.type).toLowerCase() === 'system';
    return toLabels([String(label.name)], system ? 'read-only' : 'custom');
  });
}

function publicKeyOf(xml: string) {
  const part = (tag: string) => {
    const value = new RegExp(`<${tag}>([A-Za-z0-9+/=\\s]+)</${tag}>`).exec(xml)?.[1];
    if (!value) throw unprocessable('Invalid property /public_key: an RSAKeyValue is expected');
    return Buffer.from(value, 'base64').toString('base64url');
  };
  return { kty: 'RSA', n: part('Modulus'), e: part('Exponent') };
}

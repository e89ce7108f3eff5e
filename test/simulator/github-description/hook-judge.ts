import type { SentHook } from '../src/observer.js';
import { readWebhookDescription } from './description.js';
import { schemaChecker } from './schema-check.js';
import { undescribedEvents } from './undescribed.js';

const version = 'X-GitHub-Enterprise-Version';
const host = 'X-GitHub-Enterprise-Host';

const forms: Readonly<Record<string, RegExp>> = {
  Accept: /^\*\/\*$/,
  'Content-Type': /^application\/(json|x-www-form-urlencoded)$/,
  'User-Agent': /^GitHub-Hookshot\/[0-9a-f]{7}$/,
  'X-GitHub-Delivery': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'X-GitHub-Hook-ID': /^\d+$/,
  'X-GitHub-Hook-Installation-Target-ID': /^\d+$/,
  'X-GitHub-Hook-Installation-Target-Type': /^integration$/,
};
/** Without a secret there is no signature; on github.com there is no server to name. */
const optional: Readonly<Record<string, RegExp>> = {
  'X-Hub-Signature': /^sha1=[0-9a-f]{40}$/,
  'X-Hub-Signature-256': /^sha256=[0-9a-f]{64}$/,
  [version]: /^3\.\d+\.\d+$/,
  [host]: /^[\w.-]+(:\d+)?$/,
};

function headerDifferences(headers: SentHook['headers']): string[] {
  const wrong = Object.entries({ ...forms, ...optional })
    .filter(([name, form]) => (headers[name] === undefined ? name in forms : !form.test(headers[name])))
    .map(([name]) => `header ${name}: ${headers[name] ?? 'missing'}`);
  const unknown = Object.keys(headers)
    .filter((name) => name !== 'X-GitHub-Event' && !(name in forms) && !(name in optional))
    .map((name) => `header ${name} is not described`);
  const pairs = [
    [version, host],
    ['X-Hub-Signature', 'X-Hub-Signature-256'],
  ].filter(([one = '', other = '']) => (headers[one] === undefined) !== (headers[other] === undefined));
  return [...wrong, ...unknown, ...pairs.map((pair) => `only one of the headers ${pair.join(' and ')}`)];
}

/** Compares webhooks with the schema of their event and action. */
export function hookJudge(): (hook: SentHook) => string[] {
  const { definitions } = readWebhookDescription();
  const checkerOf = schemaChecker({ definitions });

  return ({ headers, body }) => {
    const event = headers['X-GitHub-Event'] ?? '';
    if (undescribedEvents[event]) return [];
    const payload = JSON.parse(
      headers['Content-Type'] === 'application/json'
        ? body
        : (new URLSearchParams(body).get('payload') ?? ''),
    );
    const name = typeof payload.action === 'string' ? `${event}$${payload.action}` : `${event}$event`;
    const schema = definitions[name];
    const differences = [
      ...(schema ? checkerOf(schema)(payload) : ['the event is not described']),
      ...headerDifferences(headers),
    ];
    return differences.map((difference) => `webhook ${name}: ${difference}`);
  };
}

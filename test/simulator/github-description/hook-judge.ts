import type { SentHook } from '../src/observer.js';
import { readWebhookDescription } from './description.js';
import { schemaChecker } from './schema-check.js';
import { undescribedEvents } from './undescribed.js';

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
    const differences = schema ? checkerOf(schema)(payload) : ['the event is not described'];
    return differences.map((difference) => `webhook ${name}: ${difference}`);
  };
}

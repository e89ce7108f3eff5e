import { bornAt, events, type GitHubNames } from '../github/accounts.js';
import type { HookEvent } from './delivery-log.js';
import { type HookConfig, toHookConfigObject } from './hook-config.js';
import { hookId } from './signed-request.js';

/** What GitHub sends when the App's webhook was pointed somewhere else. It belongs to no installation. */
export function pingEvent(config: HookConfig, names: GitHubNames): Omit<HookEvent, 'guid'> {
  const url = `${names.apiUrl()}/app/hook`;
  return {
    event: 'ping',
    action: null,
    repositoryId: null,
    payload: JSON.stringify({
      zen: 'Measure twice, cut once.',
      hook_id: hookId,
      hook: {
        type: 'App',
        id: hookId,
        name: 'web',
        active: true,
        events,
        app_id: names.appId,
        config: toHookConfigObject(config),
        created_at: bornAt,
        updated_at: bornAt,
        url,
        ping_url: `${url}/pings`,
        deliveries_url: `${url}/deliveries`,
      },
    }),
  };
}

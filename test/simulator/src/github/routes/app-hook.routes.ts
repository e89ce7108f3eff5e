import { toSecondsIso } from '../../clock.js';
import type { Delivery, DeliveryFilter, DeliveryLog } from '../../webhooks/delivery-log.js';
import { type HookConfig, type HookConfiguration, toHookConfigObject } from '../../webhooks/hook-config.js';
import type { HookSender } from '../../webhooks/hook-sender.js';
import { GitHubError, notFound, unprocessable } from '../github-error.js';
import { type GitHubRequest, type GitHubRoute, ok } from '../github-route.js';
import { objectBody, text } from '../request-body.js';

export interface AppHookParts {
  config: HookConfiguration;
  log: DeliveryLog;
  sender: HookSender;
  /** Sends a `ping` to where the webhook points now. */
  ping: () => void;
  installationId: number;
}

const docs = '/apps/webhooks';

/** The App's webhook: where it goes, and what became of each delivery. */
export function appHookRoutes({ config, log, sender, ping, installationId }: AppHookParts): GitHubRoute[] {
  const deliveryOf = ({ params }: GitHubRequest): Delivery => {
    const delivery = log.get(Number(params.delivery_id));
    if (!delivery) throw notFound();
    return delivery;
  };

  return [
    {
      method: 'GET',
      path: '/app/hook/config',
      operation: 'apps/get-webhook-config-for-app',
      docs: `${docs}#get-a-webhook-configuration-for-an-app`,
      access: 'app',
      handle: () => ok(toHookConfigObject(config.current)),
    },
    {
      method: 'PATCH',
      path: '/app/hook/config',
      operation: 'apps/update-webhook-config-for-app',
      docs: `${docs}#update-a-webhook-configuration-for-an-app`,
      access: 'app',
      handle: ({ body }) => {
        const before = config.current.url;
        config.change(configAsked(objectBody(body)));
        if (config.current.url !== before) ping();
        return ok(toHookConfigObject(config.current));
      },
    },
    {
      method: 'GET',
      path: '/app/hook/deliveries',
      operation: 'apps/list-webhook-deliveries',
      docs: `${docs}#list-deliveries-for-an-app-webhook`,
      access: 'app',
      handle: (request) => {
        const { query, url } = request;
        const perPage = Math.min(100, Math.max(1, Number(query.get('per_page') ?? 30) || 30));
        const found = log.page(before(query.get('cursor')), perPage + 1, filterAsked(query.get('status')));
        const shown = found.slice(0, perPage);
        const last = shown.at(-1);
        if (found.length <= perPage || !last) return ok(shown.map((each) => item(each, installationId)));
        const next = new URLSearchParams(query);
        next.set('cursor', `v1_${last.id}`);
        return ok(
          shown.map((each) => item(each, installationId)),
          { link: `<${url}?${next}>; rel="next"` },
        );
      },
    },
    {
      method: 'GET',
      path: '/app/hook/deliveries/:delivery_id',
      operation: 'apps/get-webhook-delivery',
      docs: `${docs}#get-a-delivery-for-an-app-webhook`,
      access: 'app',
      handle: (request) => {
        const delivery = deliveryOf(request);
        const { outcome, payload } = delivery;
        return ok({
          ...item(delivery, installationId),
          url: outcome?.url ?? config.current.url,
          request: { headers: outcome?.requestHeaders ?? null, payload: JSON.parse(payload) },
          response: { headers: outcome?.responseHeaders ?? null, payload: outcome?.responseBody ?? null },
        });
      },
    },
    {
      method: 'POST',
      path: '/app/hook/deliveries/:delivery_id/attempts',
      operation: 'apps/redeliver-webhook-delivery',
      docs: `${docs}#redeliver-a-delivery-for-an-app-webhook`,
      access: 'app',
      handle: (request) => {
        sender.redeliver(deliveryOf(request));
        return { status: 202, body: {} };
      },
    },
  ];
}

const item = (delivery: Delivery, installationId: number) => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: toSecondsIso(delivery.deliveredAt ?? 0),
  redelivery: delivery.redelivery,
  duration: delivery.outcome?.duration ?? 0,
  status: delivery.outcome?.status ?? 'pending',
  status_code: delivery.outcome?.statusCode ?? 0,
  event: delivery.event,
  action: delivery.action,
  installation_id: installationId,
  repository_id: delivery.repositoryId,
  throttled_at: null,
});

/** @throws GitHubError 400 for a cursor that was not handed out */
function before(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  const [, id] = /^v1_(\d+)$/.exec(cursor) ?? [];
  if (!id) throw new GitHubError(400, 'Invalid cursor');
  return Number(id);
}

function filterAsked(status: string | null): DeliveryFilter | undefined {
  if (status === null) return undefined;
  if (status === 'success' || status === 'failure') return status;
  throw unprocessable('Invalid property /status: `success` or `failure` is expected');
}

function configAsked(body: Readonly<Record<string, unknown>>): Partial<HookConfig> {
  const change: Partial<HookConfig> = {};
  if (body.url !== undefined) change.url = text(body, 'url');
  if (body.secret !== undefined) change.secret = text(body, 'secret');
  if (body.content_type !== undefined) change.content_type = body.content_type === 'form' ? 'form' : 'json';
  if (body.insecure_ssl !== undefined) change.insecure_ssl = String(body.insecure_ssl) === '1' ? '1' : '0';
  return change;
}

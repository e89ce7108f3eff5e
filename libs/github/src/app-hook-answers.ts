import { z } from 'zod';
import type { DeliveryPage, HookDelivery } from './app-hook.port.js';
import { type GithubAnswer, headerOf } from './github-answer.js';

/** Octokit reads what is too large for a number as a bigint. */
const id = z.union([z.number().int(), z.bigint(), z.string().regex(/^\d+$/)]).transform(String);

const delivery = z
  .object({
    id,
    guid: z.string().min(1),
    delivered_at: z.iso.datetime({ offset: true }),
    status_code: z.number().int(),
    event: z.string(),
    installation_id: z.number().int().nullish(),
  })
  .transform(
    ({ id, guid, delivered_at, status_code, event, installation_id }): HookDelivery => ({
      id,
      guid,
      deliveredAt: new Date(delivered_at).toISOString(),
      statusCode: status_code,
      event,
      ...(installation_id ? { installationId: installation_id } : {}),
    }),
  );

const deliveries = z.array(delivery);

export const readDeliveries = (data: unknown): HookDelivery[] | undefined => deliveries.safeParse(data).data;

/** The cursor in `Link: <…?cursor=…>; rel="next"`. */
export const nextOf = (answer: GithubAnswer): Pick<DeliveryPage, 'next'> => {
  const [, address = ''] = /<([^>]*)>;\s*rel="?next"?/.exec(headerOf(answer, 'link') ?? '') ?? [];
  const cursor = URL.canParse(address) ? new URL(address).searchParams.get('cursor') : null;
  return cursor ? { next: cursor } : {};
};

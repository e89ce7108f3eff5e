import { createHmac } from 'node:crypto';
import type { Flavour } from '../github/flavour.js';
import type { HookEvent } from './delivery-log.js';
import type { HookConfig } from './hook-config.js';

/** The App has one webhook. */
export const hookId = 42;

export interface SignedRequest {
  headers: Record<string, string>;
  body: Buffer;
}

/** Whose webhook it is, and which server it comes from if that is not github.com. */
export interface Sender {
  appId: number;
  enterprise: { host: string; version: string } | undefined;
}

export const enterpriseOf = ({ enterpriseVersion }: Flavour, url: string): Sender['enterprise'] =>
  enterpriseVersion === undefined ? undefined : { host: new URL(url).host, version: enterpriseVersion };

/** Headers and bytes of a delivery. The signatures cover the raw body, form encoding included. */
export function signedRequest(event: HookEvent, config: HookConfig, sender: Sender): SignedRequest {
  const form = config.content_type === 'form';
  const body = Buffer.from(form ? new URLSearchParams({ payload: event.payload }).toString() : event.payload);
  const signature = (algorithm: string) =>
    `${algorithm}=${createHmac(algorithm, config.secret).update(body).digest('hex')}`;
  return {
    headers: {
      Accept: '*/*',
      'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'User-Agent': 'GitHub-Hookshot/51aa7ae',
      'X-GitHub-Delivery': event.guid,
      'X-GitHub-Event': event.event,
      'X-GitHub-Hook-ID': String(hookId),
      'X-GitHub-Hook-Installation-Target-ID': String(sender.appId),
      'X-GitHub-Hook-Installation-Target-Type': 'integration',
      ...(sender.enterprise
        ? {
            'X-GitHub-Enterprise-Host': sender.enterprise.host,
            'X-GitHub-Enterprise-Version': sender.enterprise.version,
          }
        : {}),
      ...(config.secret
        ? { 'X-Hub-Signature': signature('sha1'), 'X-Hub-Signature-256': signature('sha256') }
        : {}),
    },
    body,
  };
}

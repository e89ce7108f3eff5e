import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dashboardJs } from './dashboard.client.js';
import { dashboardCss } from './dashboard.css.js';

export type Asset = { type: string; body: string; etag: string };

const packageFile = (path: string): string =>
  readFileSync(createRequire(import.meta.url).resolve(path), 'utf8');

const JAVASCRIPT = 'text/javascript; charset=utf-8';

const asset = (type: string, body: string): Asset => ({
  type,
  body,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`,
});

/**
 * One file, because it must run in one go: htmx looks at the page a moment after it was loaded, and an extension that
 * arrives later than that is never asked to connect.
 */
const scripts = [
  packageFile('htmx.org/dist/htmx.min.js'),
  packageFile('htmx.org/dist/ext/hx-sse.min.js'),
  dashboardJs,
].join(';\n');

/** Everything the page loads, from this process: it needs no other server. */
const assets: Readonly<Record<string, Asset>> = {
  'dashboard.js': asset(JAVASCRIPT, scripts),
  'dashboard.css': asset('text/css; charset=utf-8', dashboardCss),
};

export const findAsset = (name: string): Asset | undefined =>
  Object.hasOwn(assets, name) ? assets[name] : undefined;

/** An address that changes with the contents, so that a browser may keep what it got. */
export const assetUrl = (name: string): string =>
  `/dashboard/assets/${name}?v=${findAsset(name)?.etag.slice(1, -1) ?? ''}`;

import type { GitHubRequest } from './github-route.js';

export interface Page<T> {
  items: T[];
  /** `Link` header, empty when there is only one page. */
  headers: Record<string, string>;
}

/** Cuts one page out of a list by `per_page` (30, at most 100) and `page` (from 1). */
export function paged<T>(all: readonly T[], request: GitHubRequest): Page<T> {
  const perPage = clamp(request.query.get('per_page'), 30, 1, 100);
  const page = clamp(request.query.get('page'), 1, 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const links: string[] = [];
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(to));
    links.push(`<${request.url}?${query}>; rel="${rel}"`);
  };
  if (page > 1) link(Math.min(page - 1, last), 'prev');
  if (page < last) {
    link(page + 1, 'next');
    link(last, 'last');
  }
  if (page > 1) link(1, 'first');
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

function clamp(text: string | null, fallback: number, least: number, most: number): number {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) ? Math.min(most, Math.max(least, value)) : fallback;
}

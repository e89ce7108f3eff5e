import type { Exchange } from '../src/observer.js';
import type { Described, DescribedOperation } from './description.js';
import { misplacedPages } from './undescribed.js';

type Answer = Exchange['answer'];

/** On every answer, whatever its status. */
const always: Readonly<Record<string, RegExp>> = {
  date: /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/,
  vary: /\bAuthorization\b/,
  'x-github-request-id': /^[0-9A-F]{4}(:[0-9A-F]+){3}:[0-9A-F]{8}$/,
  'x-github-media-type': /^github\.v3; format=json$/,
  'x-github-api-version-selected': /^\d{4}-\d\d-\d\d$/,
};
const rateLimit = ['limit', 'remaining', 'used', 'reset', 'resource'].map((name) => `x-ratelimit-${name}`);
const json = 'application/json; charset=utf-8';

/** What is wrong with the headers of an answer: GitHub's description has next to nothing about them. */
export function headerDifferences(
  { operation, request, answer }: Exchange,
  described: DescribedOperation,
  which: Described,
): string[] {
  const { headers, body } = answer;
  const differences = Object.entries(always)
    .filter(([name, form]) => !form.test(headers[name] ?? ''))
    .map(([name]) => `header ${name}: ${headers[name] ?? 'missing'}`);

  const type = headers['content-type'];
  if (type !== (body === undefined ? undefined : json)) differences.push(`header content-type: ${type}`);
  if (request.method === 'GET' && [200, 304].includes(answer.status) && !headers.etag) {
    differences.push('header etag: missing');
  }
  return [
    ...differences,
    ...enterpriseDifferences(answer, which),
    ...linkDifferences(answer, request.path, described),
    ...errorDifferences(answer),
    ...(misplacedPages[operation] ? [] : pageDifferences(answer, described)),
  ];
}

function enterpriseDifferences({ headers }: Answer, which: Described): string[] {
  const counters = rateLimit.filter((name) => headers[name] !== undefined);
  const version = headers['x-github-enterprise-version'];
  if (which === 'api.github.com') {
    const complete = counters.length === 0 || counters.length === rateLimit.length;
    return [
      ...(complete ? [] : [`headers of the rate limit: only ${counters.join(', ')}`]),
      ...(version === undefined ? [] : ['header x-github-enterprise-version: not on github.com']),
    ];
  }
  return version?.startsWith(which.replace('ghes-', ''))
    ? []
    : [`header x-github-enterprise-version: ${version}`];
}

function linkDifferences({ headers, body }: Answer, path: string, described: DescribedOperation): string[] {
  if (headers.link === undefined) {
    const shown = listOf(body);
    const total = (body as { total_count?: number } | undefined)?.total_count;
    const more = described.parameters.some(({ name }) => name === 'page') && shown && total !== undefined;
    return more && total > shown.length ? ['header link: missing though there are more pages'] : [];
  }
  if (!described.parameters.some(({ name }) => ['page', 'cursor'].includes(name))) {
    return ['header link: on something that has no pages'];
  }
  return headers.link.split(', ').flatMap((each) => {
    const [, address] = /^<([^>]+)>; rel="(?:prev|next|last|first)"$/.exec(each) ?? [];
    const fits = address && new URL(address).pathname === path.split('?')[0];
    return fits ? [] : [`header link: ${each}`];
  });
}

const listOf = (body: unknown): unknown[] | undefined =>
  Object.values(typeof body === 'object' && body !== null ? body : {}).find((each) => Array.isArray(each));

/** Errors repeat their status as text. */
function errorDifferences({ status, body }: Answer): string[] {
  if (status < 400) return [];
  const { message, status: repeated } = (body ?? {}) as Record<string, unknown>;
  return [
    ...(typeof message === 'string' && message !== '' ? [] : ['an error without a message']),
    ...(repeated === String(status) ? [] : [`an error that calls its status ${repeated}`]),
  ];
}

/** Errors name the operation's page of the documentation. */
function pageDifferences({ status, body }: Answer, { documentation }: DescribedOperation): string[] {
  if (status < 400) return [];
  const { documentation_url: page } = (body ?? {}) as Record<string, unknown>;
  const fits = page === documentation || generalPages.test(String(page));
  return fits ? [] : [`an error that names ${page} and not ${documentation}`];
}

/** Named by errors that have nothing to do with the operation. */
const generalPages =
  /^https:\/\/docs\.github\.com\/(enterprise-server@[\d.]+\/)?rest(\/overview\/rate-limits-for-the-rest-api(#.*)?)?$/;

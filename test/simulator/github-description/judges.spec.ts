import { describe, expect, it } from '@jest/globals';
import type { Exchange } from '../src/observer.js';
import { answerJudge } from './answer-judge.js';
import { hookJudge } from './hook-judge.js';

const judge = answerJudge('api.github.com');
const docs = 'https://docs.github.com/rest/actions/self-hosted-runners';

const headers = {
  date: 'Sat, 21 Nov 2026 07:00:00 GMT',
  vary: 'Accept, Authorization',
  'content-type': 'application/json; charset=utf-8',
  'x-github-request-id': '0A1B:0C2D3E:4F5A6B:7C8D9E:65A5F3C0',
  'x-github-media-type': 'github.v3; format=json',
  'x-github-api-version-selected': '2022-11-28',
  etag: 'W/"1"',
};
const runner = {
  id: 1,
  name: 'jit-1',
  os: 'linux',
  status: 'offline',
  busy: false,
  ephemeral: true,
  runner_group_id: 1,
  labels: [{ id: 1, name: 'gpu', type: 'custom' }],
};

type Changes = { [Part in keyof Exchange['answer']]?: Exchange['answer'][Part] };

const got = (answer: Changes, request: Partial<Exchange['request']> = {}): Exchange => ({
  operation: 'actions/get-self-hosted-runner-for-org',
  request: {
    method: 'GET',
    path: '/orgs/octo-org/actions/runners/1',
    params: { org: 'octo-org', runner_id: '1' },
    body: undefined,
    ...request,
  },
  answer: { status: 200, headers, body: runner, ...answer },
});

const created = (
  body: unknown,
  asked: unknown = { name: 'jit-1', runner_group_id: 1, labels: ['gpu'] },
): Exchange => ({
  operation: 'actions/generate-runner-jitconfig-for-org',
  request: {
    method: 'POST',
    path: '/orgs/o/actions/runners/generate-jitconfig',
    params: { org: 'o' },
    body: asked,
  },
  answer: { status: 201, headers, body },
});

const without = (name: keyof typeof runner) =>
  Object.fromEntries(Object.entries(runner).filter(([key]) => key !== name));

const error = (status: number, more: object = {}) => ({
  status,
  body: { message: 'Not Found', documentation_url: docs, status: String(status), ...more },
});

describe('an answer', () => {
  it('that fits passes', () => {
    expect(judge(got({}))).toEqual([]);
    expect(judge(got({ body: { ...runner, version: '2.336.0' } }))).toEqual([]);
    expect(judge(created({ runner, encoded_jit_config: 'e30=' }))).toEqual([]);
  });

  it.each<[string, Exchange, string]>([
    ['has a member of another type', got({ body: { ...runner, busy: 'no' } }), '/busy must be boolean'],
    ['lacks a required member', got({ body: without('os') }), "/ must have required property 'os'"],
    [
      'lacks an optional member that is always there',
      got({ body: without('ephemeral') }),
      '/ephemeral is missing from the runner',
    ],
    ['misspells an optional member', got({ body: { ...runner, verison: '1' } }), '/verison is not described'],
    [
      'has a surplus member deep inside',
      created({
        runner: { ...runner, labels: [{ id: 1, name: 'x', type: 'custom', kind: 1 }] },
        encoded_jit_config: 'e30=',
      }),
      '/runner/labels/0/kind is not described',
    ],
    [
      'has a surplus member',
      created({ runner, encoded_jit_config: 'e30=', expires_at: '' }),
      '/expires_at is not described',
    ],
    [
      'has a label of an unknown type',
      got({ body: { ...runner, labels: [{ id: 1, name: 'x', type: 'own' }] } }),
      '/labels/0/type must be equal to one of the allowed values',
    ],
    ['has another status', got({ status: 202 }), 'status 202 is not described'],
    ['has no body', got({ body: undefined }), 'a body of application/json is missing'],
    [
      'has another media type',
      got({ headers: { ...headers, 'content-type': 'text/html' } }),
      'no body of "text/html" is described',
    ],
    [
      'has no request id',
      got({ headers: { ...headers, 'x-github-request-id': '' } }),
      'header x-github-request-id',
    ],
    ['has no ETag', got({ headers: { ...headers, etag: '' } }), 'header etag: missing'],
    [
      'has pages where there are none',
      got({ headers: { ...headers, link: '<http://x/>; rel="next"' } }),
      'something that has no pages',
    ],
    [
      'has half of the rate limit',
      got({ headers: { ...headers, 'x-ratelimit-used': '1' } }),
      'only x-ratelimit-used',
    ],
    [
      'calls itself an enterprise',
      got({ headers: { ...headers, 'x-github-enterprise-version': '3.19.0' } }),
      'not on github.com',
    ],
    ['is an error without a page', got(error(404)), 'an error that names'],
    ['is an error with another status', got(error(404, { status: '400' })), 'calls its status 400'],
    ['is an error with a status that is no text', got(error(404, { status: 404 })), '/status must be string'],
    [
      'is to something that is not described',
      { ...got({}), operation: 'actions/invent' },
      'the operation is not described',
    ],
  ])('that %s does not', (_, exchange, difference) => {
    expect(judge(exchange).join('\n')).toContain(difference);
  });
});

describe('a request that was accepted', () => {
  const answer = { runner, encoded_jit_config: 'e30=' };

  it.each<[string, Exchange, string]>([
    [
      'has an unknown parameter',
      got({}, { path: '/orgs/o/actions/runners/1?nam=x' }),
      'parameter / must NOT have additional properties (nam)',
    ],
    [
      'has a parameter of another type',
      got({}, { params: { org: 'o', runner_id: 'one' } }),
      'parameter /runner_id must be integer',
    ],
    ['has a body where none is described', got({}, { body: {} }), 'no request body is described'],
    ['has no body where one is needed', created(answer, null), 'request body / must be object'],
    [
      'misspells a member',
      created(answer, { name: 'x', runner_group_id: 1, labels: ['x'], workfolder: '_' }),
      'request body /workfolder is not described',
    ],
    [
      'has too few labels',
      created(answer, { name: 'x', runner_group_id: 1, labels: [] }),
      'request body /labels must NOT have fewer than 1 items',
    ],
  ])('and %s is reported', (_, exchange, difference) => {
    expect(judge(exchange).join('\n')).toContain(difference);
  });

  it('may lack fit when it was refused', () => {
    const refused = {
      ...got(error(422, { documentation_url: docs })),
      operation: 'actions/delete-self-hosted-runner-from-org',
    };
    expect(
      judge({ ...refused, request: { ...refused.request, path: '/x?nonsense=1' } }).join(),
    ).not.toContain('parameter');
  });
});

describe('a webhook', () => {
  const judgeHook = hookJudge();
  const sent = (event: string, payload: object) => ({
    headers: { 'X-GitHub-Event': event, 'Content-Type': 'application/json' },
    body: JSON.stringify(payload),
  });

  it('with other headers than GitHub sends is reported', () => {
    const hook = sent('workflow_job', { action: 'queued' });
    const headers = { ...hook.headers, 'X-GitHub-Delivery': '1', 'X-Hub-Signature': 'sha1=0', 'X-More': '1' };
    const found = judgeHook({ ...hook, headers }).join('\n');
    expect(found).toContain('header X-GitHub-Delivery: 1');
    expect(found).toContain('header X-Hub-Signature: sha1=0');
    expect(found).toContain('only one of the headers X-Hub-Signature and');
    expect(found).toContain('header X-More is not described');
    expect(found).toContain('header User-Agent: missing');
  });

  it('of an unknown event, or without its members, is reported', () => {
    expect(judgeHook(sent('self_hosted_runner', { action: 'online' }))).toEqual([]);
    expect(judgeHook(sent('workflow_jobs', { action: 'queued' })).join()).toContain('not described');
    expect(judgeHook(sent('workflow_job', { action: 'started' })).join()).toContain('not described');
    expect(judgeHook(sent('workflow_job', { action: 'queued', extra: 1 }))).toEqual(
      expect.arrayContaining([
        "webhook workflow_job$queued: / must have required property 'repository'",
        'webhook workflow_job$queued: / must NOT have additional properties (extra)',
      ]),
    );
  });
});

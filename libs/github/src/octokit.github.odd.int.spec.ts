import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createGithub, type GithubOptions } from './create-github.js';
import type { Github } from './github.port.js';
import { problemOf } from './github-problem.js';
import { GithubRefusal } from './github-refusal.js';
import type { ObservedCall } from './on-call.js';
import {
  type Script,
  type ScriptedAnswer,
  type ScriptedGithub,
  startScriptedGithub,
} from './scripted-github.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const jitConfigPath = '/orgs/octo-org/actions/runners/generate-jitconfig';
const runnersPath = '/orgs/octo-org/actions/runners';
const asked = { name: 'jit-a1', runnerGroupId: 1, labels: ['linux'], workFolder: '_work' };
const runner = (id: number) => ({
  id,
  name: `runner-${id}`,
  os: 'linux',
  status: 'offline',
  busy: false,
  labels: [{ name: 'linux', type: 'read-only' }],
});
const secret = 'Y29uZmln'.repeat(20);
const jitConfig: ScriptedAnswer = {
  status: 201,
  body: { runner: runner(1), encoded_jit_config: secret },
};

type Arranged = { github: Github; server: ScriptedGithub; calls: ObservedCall[]; logged: unknown[] };

const servers: ScriptedGithub[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** `script` answers what it knows; installation tokens are issued by the server. */
const arrange = async (
  script: (request: Parameters<Script>[0]) => ReturnType<Script> | undefined,
  options: Partial<GithubOptions> = {},
): Promise<Arranged> => {
  const server = await startScriptedGithub(script);
  servers.push(server);
  const calls: ObservedCall[] = [];
  const logged: unknown[] = [];
  const log = (...entry: unknown[]) => {
    logged.push(entry);
  };
  const github = createGithub({
    apiUrl: server.apiUrl,
    webUrl: 'https://github.com/',
    org: 'octo-org',
    appId: 1,
    installationId: 7,
    privateKey: pkcs8,
    log: { debug: log, warn: log },
    onCall: (call) => calls.push(call),
    ...options,
  });
  return { github, server, calls, logged };
};

const refusalOf = async (call: Promise<unknown>): Promise<GithubRefusal> => {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof GithubRefusal) return outcome;
  throw new Error(`expected a refusal, not ${String(outcome)}`);
};

describe('generateJitConfig', () => {
  it.each<[string, ScriptedAnswer, Partial<GithubRefusal>, string]>([
    ['500', { status: 500 }, { reason: 'unavailable', uncertain: true }, 'github-unavailable'],
    ['502', { status: 502 }, { reason: 'unavailable', uncertain: true }, 'github-unavailable'],
    ['503', { status: 503 }, { reason: 'unavailable', uncertain: true }, 'github-unavailable'],
    ['silence', 'silence', { reason: 'timeout', uncertain: true }, 'github-timeout'],
    ['a broken connection', 'reset', { reason: 'unavailable', uncertain: true }, 'github-unavailable'],
    ['an answer cut short', 'cut', { reason: 'unavailable', uncertain: true }, 'github-unavailable'],
    [
      'a 201 without a config',
      { status: 201, body: {} },
      { reason: 'unavailable', uncertain: true },
      'github-unavailable',
    ],
    ['401', { status: 401 }, { reason: 'unauthorized', uncertain: false }, 'github-refused'],
    ['403', { status: 403 }, { reason: 'forbidden', uncertain: false }, 'github-refused'],
    ['409', { status: 409 }, { reason: 'name-taken', uncertain: false }, 'runner-name-taken'],
    ['422', { status: 422 }, { reason: 'invalid', uncertain: false }, 'github-refused'],
    ['429', { status: 429 }, { reason: 'rate-limited', uncertain: false }, 'github-rate-limited'],
    [
      'a redirect',
      { status: 307, headers: { location: jitConfigPath } },
      { reason: 'unexpected', uncertain: false },
      'github-refused',
    ],
  ])('sends one request and no more: %s', async (_case, answer, expected, code) => {
    const { github, server } = await arrange(({ path }) => (path === jitConfigPath ? answer : undefined), {
      jitConfigTimeoutMs: 300,
    });

    const refusal = await refusalOf(github.generateJitConfig(asked));

    expect(refusal).toMatchObject(expected);
    expect(problemOf(refusal).code).toBe(code);
    expect(server.countOf('/generate-jitconfig')).toBe(1);
  });

  it('sends one request on a connection that was kept alive and then breaks', async () => {
    const answers: ScriptedAnswer[] = [jitConfig, 'reset'];
    const { github, server } = await arrange(({ path }) =>
      path === jitConfigPath ? answers.shift() : undefined,
    );
    await github.generateJitConfig(asked);

    expect(await refusalOf(github.generateJitConfig(asked))).toMatchObject({ uncertain: true });

    expect(server.countOf('/generate-jitconfig')).toBe(2);
  });

  it('asks as GitHub wants to be asked', async () => {
    const { github, server } = await arrange(({ path }) => (path === jitConfigPath ? jitConfig : undefined));

    expect(await github.generateJitConfig(asked)).toMatchObject({
      runner: { id: 1 },
      encodedJitConfig: secret,
    });

    const request = server.requests.at(-1);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      name: 'jit-a1',
      runner_group_id: 1,
      labels: ['linux'],
      work_folder: '_work',
    });
    expect(request?.headers).toMatchObject({
      accept: 'application/vnd.github+json',
      authorization: expect.stringMatching(/^token ghs_/),
      'user-agent': expect.stringMatching(/^runner-token-service /),
      'x-github-api-version': '2022-11-28',
    });
  });

  it('uses connections again', async () => {
    const { github, server } = await arrange(({ path }) => (path === jitConfigPath ? jitConfig : undefined));

    for (let call = 0; call < 30; call += 1) await github.generateJitConfig(asked);

    expect(server.connections()).toBeLessThan(5);
  });

  it('is certain that nothing happened when GitHub could not be connected to', async () => {
    const { github, server } = await arrange(({ path }) => (path === jitConfigPath ? jitConfig : undefined));
    await github.generateJitConfig(asked);
    await server.close();
    servers.length = 0;
    // finds the old connection broken, and cannot be certain
    await refusalOf(github.generateJitConfig(asked));

    expect(await refusalOf(github.generateJitConfig(asked))).toMatchObject({
      reason: 'unavailable',
      uncertain: false,
      networkCode: 'ECONNREFUSED',
    });
  });

  it.each<[string, number, number, string]>([
    ['the runner group is unknown', 404, 200, 'runner-group-unknown'],
    ['the runner group is there', 200, 200, 'not-found'],
    ['the organisation cannot be seen', 404, 404, 'not-found'],
    ['nobody can tell', 500, 500, 'not-found'],
  ])('after a 404 finds out what is missing: %s', async (_case, groupStatus, orgStatus, reason) => {
    const { github, server } = await arrange(({ path }) => {
      if (path === jitConfigPath) return { status: 404, body: { message: 'Not Found' } };
      if (path.endsWith('/runner-groups/1')) return { status: groupStatus, body: {} };
      if (path.startsWith(`${runnersPath}?`))
        return { status: orgStatus, body: { total_count: 0, runners: [] } };
      return undefined;
    });

    expect(await refusalOf(github.generateJitConfig(asked))).toMatchObject({ reason, uncertain: false });

    expect(server.countOf('/generate-jitconfig')).toBe(1);
  });

  it('keeps secrets and upstream bodies out of refusals, metrics and logs', async () => {
    const { github, calls, logged } = await arrange(({ path }) =>
      path === jitConfigPath ? { status: 201, body: { encoded_jit_config: secret } } : undefined,
    );

    const refusal = await refusalOf(github.generateJitConfig(asked));

    const seen = JSON.stringify([
      { ...refusal },
      refusal.message,
      refusal.stack,
      refusal.cause,
      calls,
      logged,
    ]);
    expect(seen).not.toContain(secret);
    expect(seen).not.toContain('ghs_');
  });

  it('tells nobody to wait for a token that does not come', async () => {
    const { github, server } = await arrange(
      ({ path }) => (path.endsWith('/access_tokens') ? 'silence' : undefined),
      { jitConfigTimeoutMs: 200 },
    );

    expect(await refusalOf(github.generateJitConfig(asked))).toMatchObject({
      reason: 'timeout',
      uncertain: false,
    });

    expect(server.countOf('/generate-jitconfig')).toBe(0);
  });
});

describe('the installation token', () => {
  it('is fetched once for 200 calls at the same time, of which 64 are under way', async () => {
    let atATime = 0;
    let most = 0;
    const { github, server } = await arrange(async ({ path }) => {
      if (path !== jitConfigPath) return undefined as never;
      atATime += 1;
      most = Math.max(most, atATime);
      await new Promise((resolve) => setTimeout(resolve, 20));
      atATime -= 1;
      return jitConfig;
    });

    await Promise.all(Array.from({ length: 200 }, () => github.generateJitConfig(asked)));

    expect(server.countOf('/access_tokens')).toBe(1);
    expect(server.countOf('/generate-jitconfig')).toBe(200);
    expect(most).toBe(64);
  });

  it('is fetched by each App of a process for itself', async () => {
    const script: Script = ({ path }) =>
      path.endsWith('/access_tokens')
        ? { status: 201, body: { token: 'ghs_x', expires_at: '2999-01-01T00:00:00Z' } }
        : jitConfig;
    const [one, other] = [await arrange(script), await arrange(script)];

    await Promise.all([one.github.generateJitConfig(asked), other.github.generateJitConfig(asked)]);

    expect([one.server.countOf('/access_tokens'), other.server.countOf('/access_tokens')]).toEqual([1, 1]);
  });

  it.each([
    ['PKCS#1', pkcs1],
    ['PKCS#8', pkcs8],
  ])('is had with a private key in %s', async (_form, key) => {
    const { github } = await arrange(({ path }) => (path === jitConfigPath ? jitConfig : undefined), {
      privateKey: key,
    });

    expect(await github.generateJitConfig(asked)).toMatchObject({ runner: { id: 1 } });
  });

  it('does not let a start succeed with half a private key', async () => {
    await expect(arrange(() => undefined, { privateKey: pkcs1.slice(0, 200) })).rejects.toThrow(
      "The GitHub App's private key cannot be read.",
    );
  });

  it('replaces one that is not accepted; a lookup is repeated once with it', async () => {
    const accepted = new Set<string | undefined>();
    const { github, server } = await arrange(({ path, headers }) => {
      if (path.endsWith('/access_tokens')) return undefined;
      if (!accepted.has(headers.authorization)) {
        accepted.add(headers.authorization);
        return { status: 401, body: { message: 'Bad credentials' } };
      }
      return { status: 200, body: runner(5) };
    });
    const lookup = refusalOf(github.getRunner(5));

    expect(await lookup).toMatchObject({ reason: 'unauthorized' });
    expect(server.countOf('/runners/5')).toBe(2);
    expect(server.countOf('/access_tokens')).toBe(2);
  });

  it('is fetched once more for all lookups that find it revoked', async () => {
    let good = 2;
    let issued = 0;
    const { github, server } = await arrange(({ path, headers }) => {
      if (path.endsWith('/access_tokens')) {
        issued += 1;
        return {
          status: 201,
          body: { token: `ghs_${issued}`, expires_at: new Date(Date.now() + 3_600_000).toISOString() },
        };
      }
      return headers.authorization === `token ghs_${good}`
        ? { status: 200, body: runner(5) }
        : { status: 401 };
    });

    const runners = await Promise.all(Array.from({ length: 50 }, () => github.getRunner(5)));
    good = 3;
    const registering = await refusalOf(github.generateJitConfig(asked));

    expect(runners).toHaveLength(50);
    expect(registering).toMatchObject({ reason: 'unauthorized', uncertain: false });
    expect(issued).toBe(2);
    expect(server.countOf('/generate-jitconfig')).toBe(1);
  });

  it('is had although our clock is wrong', async () => {
    const skewMs = 3 * 3_600_000;
    const { github, server } = await arrange(({ path, headers }) => {
      if (path === jitConfigPath) return jitConfig;
      const github = Date.now() - skewMs;
      const claims = JSON.parse(
        Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString(),
      ) as { exp: number };
      const date = { date: new Date(github).toUTCString() };
      if (claims.exp * 1000 > github + 660_000) {
        const message = "'Expiration time' claim ('exp') is too far in the future";
        return { status: 401, headers: date, body: { message } };
      }
      const expires_at = new Date(github + 3_600_000).toISOString();
      return { status: 201, headers: date, body: { token: 'ghs_skewed', expires_at } };
    });

    await github.generateJitConfig(asked);
    await github.generateJitConfig(asked);

    expect(server.countOf('/access_tokens')).toBe(2);
  });

  it.each<[string, ScriptedAnswer, string]>([
    [
      'a suspended installation',
      { status: 403, body: { message: 'This installation has been suspended' } },
      'forbidden',
    ],
    ['an unknown installation', { status: 404 }, 'not-found'],
    [
      'a wrong key',
      { status: 401, body: { message: 'A JSON web token could not be decoded' } },
      'unauthorized',
    ],
    ['an outage', { status: 500 }, 'unavailable'],
    ['nonsense', { status: 201, body: {} }, 'unavailable'],
  ])('that cannot be had is a certain refusal: %s', async (_case, answer, reason) => {
    const { github } = await arrange(({ path }) => (path.endsWith('/access_tokens') ? answer : undefined));

    expect(await refusalOf(github.generateJitConfig(asked))).toMatchObject({ reason, uncertain: false });
  });
});

describe('rate limits', () => {
  const limited = (headers: Record<string, string>): ScriptedAnswer => ({
    status: 403,
    headers,
    body: { message: 'You have exceeded a secondary rate limit.' },
  });

  it('stop all calls for the time GitHub names, without asking again', async () => {
    const { github, server, calls } = await arrange(({ path }) =>
      path === jitConfigPath ? limited({ 'retry-after': '30' }) : undefined,
    );

    const first = await refusalOf(github.generateJitConfig(asked));
    const second = await refusalOf(github.getRunner(1));

    expect(problemOf(first)).toMatchObject({ code: 'github-rate-limited', retryAfterSeconds: 30 });
    expect(second).toMatchObject({ reason: 'rate-limited' });
    expect(server.requests).toHaveLength(2);
    expect(calls.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      'createInstallationToken 201',
      'generateJitConfig 403',
      'getRunner held-back',
    ]);
  });

  it('stop calls that are waiting for their turn', async () => {
    const { github, server } = await arrange(({ path }) =>
      path === jitConfigPath ? limited({ 'retry-after': '30' }) : undefined,
    );

    const outcomes = await Promise.all(
      Array.from({ length: 300 }, () => refusalOf(github.generateJitConfig(asked))),
    );

    expect(new Set(outcomes.map(({ reason }) => reason))).toEqual(new Set(['rate-limited']));
    expect(server.countOf('/generate-jitconfig')).toBeLessThanOrEqual(64);
  });

  it('are known from every answer, and polling gives way before provisioning has to', async () => {
    const { github } = await arrange(({ path }) =>
      path === jitConfigPath
        ? {
            ...jitConfig,
            headers: {
              'x-ratelimit-limit': '5000',
              'x-ratelimit-remaining': '1000',
              'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 600),
            },
          }
        : undefined,
    );
    expect(github.budget()).toBe('unknown');

    await github.generateJitConfig(asked);

    expect(github.budget()).toMatchObject({ limit: 5000, remaining: 1000 });
    expect(await refusalOf(github.listRunners())).toMatchObject({ reason: 'budget-reserved' });
    expect(await refusalOf(github.getRunner(1, { priority: 'low' }))).toMatchObject({
      reason: 'budget-reserved',
    });
    expect(await github.generateJitConfig(asked)).toMatchObject({ runner: { id: 1 } });
  });
});

describe('listRunners', () => {
  /** GitHub's list of `count` runners, with an ETag per page and its content. */
  const listing = (state: { count: number; version?: number; broken?: number }): Script => {
    return ({ path, headers }) => {
      const query = new URL(path, 'http://localhost').searchParams;
      const [perPage, page] = [Number(query.get('per_page')), Number(query.get('page') ?? 1)];
      if (state.broken === page) return { status: 502 };
      const from = (page - 1) * perPage;
      const runners = Array.from({ length: Math.max(0, Math.min(perPage, state.count - from)) }, (_, index) =>
        runner(from + index + 1),
      );
      const etag = `W/"${state.count}-${state.version ?? 0}-${page}"`;
      const link =
        from + perPage < state.count ? { link: `<${path}>; rel="next", <${path}>; rel="last"` } : {};
      if (headers['if-none-match'] === etag) return { status: 304, headers: { etag, ...link } };
      return { status: 200, headers: { etag, ...link }, body: { total_count: state.count, runners } };
    };
  };
  const tokensAside =
    (script: Script): ((request: Parameters<Script>[0]) => ReturnType<Script> | undefined) =>
    (request) =>
      request.path.endsWith('/access_tokens') ? undefined : script(request);

  it('reads every page, and pays only for pages that changed', async () => {
    const state = { count: 950, version: 0 };
    const { github, calls } = await arrange(tokensAside(listing(state)));

    const first = await github.listRunners();
    const second = await github.listRunners();
    state.version = 1;
    const third = await github.listRunners();

    expect(first.runners.map(({ id }) => id)).toEqual(Array.from({ length: 950 }, (_, index) => index + 1));
    expect([first, second, third].map(({ countedRequests }) => countedRequests)).toEqual([10, 0, 10]);
    expect(second.runners).toEqual(first.runners);
    expect(calls.filter(({ status }) => status === 304)).toHaveLength(10);
  });

  it('is an error when one page is', async () => {
    const { github } = await arrange(tokensAside(listing({ count: 950, broken: 7 })));

    expect(await refusalOf(github.listRunners())).toMatchObject({ reason: 'unavailable', uncertain: false });
  });

  it('is an error when a page in the middle has lost runners', async () => {
    const whole = listing({ count: 250 });
    const { github } = await arrange(
      tokensAside(async (request) => {
        const answer = await whole(request);
        if (typeof answer !== 'object' || !request.path.endsWith('page=2')) return answer;
        return { ...answer, body: { total_count: 250, runners: [] } };
      }),
    );

    expect(await refusalOf(github.listRunners())).toMatchObject({ reason: 'unavailable' });
  });

  it('reads on when runners joined while it was reading', async () => {
    const state = { count: 200 };
    const script = listing(state);
    const { github } = await arrange(
      tokensAside((request) => {
        const answer = script(request);
        state.count = 201;
        return answer;
      }),
    );

    expect((await github.listRunners()).runners).toHaveLength(201);
  });

  it('does without a cache that holds nonsense', async () => {
    const nonsense = { get: () => ({ etag: 'W/"3-0-1"', body: '{"runners": 1}' }), set: () => {} };
    const { github } = await arrange(tokensAside(listing({ count: 3 })), { pages: nonsense });

    expect((await github.listRunners()).runners).toHaveLength(3);
  });

  it('does not hold up provisioning', async () => {
    const { promise, release } = held();
    const { github } = await arrange(async ({ path }) => {
      if (path.endsWith('/access_tokens')) return undefined as never;
      if (path === jitConfigPath) return jitConfig;
      await promise;
      return { status: 200, body: { total_count: 0, runners: [] } };
    });
    const polling = Array.from({ length: 100 }, () => github.listRunners());

    await github.generateJitConfig(asked);

    release();
    await Promise.all(polling);
  });
});

describe('an absent runner', () => {
  const arrangeOrg = (orgStatus: number) =>
    arrange(({ path }) =>
      path.startsWith(`${runnersPath}?`)
        ? { status: orgStatus, body: { total_count: 0, runners: [] } }
        : undefined,
    );

  it('is one that is missing from an organisation that can be seen', async () => {
    const { github, server } = await arrangeOrg(200);

    expect(await Promise.all([1, 2, 3].map((id) => github.getRunner(id)))).toEqual([
      'absent',
      'absent',
      'absent',
    ]);
    expect(await github.deleteRunner(4)).toBe('absent');

    expect(server.countOf('?per_page=1')).toBe(1);
  });

  it('is not claimed when the organisation itself has gone out of sight', async () => {
    const { github } = await arrangeOrg(404);

    expect(await refusalOf(github.getRunner(1))).toMatchObject({ reason: 'not-found' });
    expect(await refusalOf(github.deleteRunner(1))).toMatchObject({ reason: 'not-found', uncertain: false });
  });

  it('is looked for in the whole list when the server ignores the name', async () => {
    const { github } = await arrange(({ path }) =>
      path.startsWith(`${runnersPath}?`)
        ? { status: 200, body: { total_count: 3, runners: [1, 2, 3].map(runner) } }
        : undefined,
    );

    expect(await github.findRunnerByName('runner-3')).toMatchObject({ id: 3 });
    expect(await github.findRunnerByName('runner-9')).toBe('absent');
  });
});

describe('deleteRunner', () => {
  it.each<[string, ScriptedAnswer, unknown]>([
    ['204', { status: 204 }, 'deleted'],
    [
      'a running job',
      { status: 422, body: { message: 'Bad request - Runner "X" is still running a job"' } },
      'busy',
    ],
  ])('says what became of it: %s', async (_case, answer, outcome) => {
    const { github } = await arrange(({ method }) => (method === 'DELETE' ? answer : undefined));

    expect(await github.deleteRunner(1)).toBe(outcome);
  });

  it.each<[string, ScriptedAnswer, Partial<GithubRefusal>]>([
    ['another 422', { status: 422, body: { message: 'No.' } }, { reason: 'invalid', githubMessage: 'No.' }],
    ['500', { status: 500 }, { reason: 'unavailable', uncertain: true }],
    ['silence', 'silence', { reason: 'timeout', uncertain: true }],
  ])('is refused: %s', async (_case, answer, expected) => {
    const { github, server } = await arrange(({ method }) => (method === 'DELETE' ? answer : undefined), {
      timeoutMs: 200,
    });

    expect(await refusalOf(github.deleteRunner(1))).toMatchObject(expected);
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });
});

describe('cancelling a workflow run', () => {
  const cancelPath = '/repos/octo-org/app/actions/runs/800/cancel';

  it.each<[string, ScriptedAnswer, object]>([
    [
      'a missing permission',
      { status: 403, body: { message: 'Resource not accessible by integration' } },
      { reason: 'forbidden', message: expect.stringContaining('actions: write') },
    ],
    ['a repository the App does not see', { status: 404 }, { reason: 'forbidden', uncertain: false }],
    ['500', { status: 500 }, { reason: 'unavailable', uncertain: true }],
    ['silence', 'silence', { reason: 'timeout', uncertain: true }],
  ])('is refused: %s', async (_case, answer, expected) => {
    const { github, server } = await arrange(({ path }) => (path === cancelPath ? answer : undefined), {
      timeoutMs: 200,
    });

    expect(await refusalOf(github.cancelWorkflowRun('octo-org/app', 800))).toMatchObject(expected);
    expect(server.countOf('/cancel')).toBe(1);
  });

  it('takes a conflict for a run that is over', async () => {
    const { github } = await arrange(({ path }) => (path === cancelPath ? { status: 409 } : undefined));
    expect(await github.cancelWorkflowRun('octo-org/app', 800)).toBe('over');
  });
});

const held = () => {
  let release = () => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
};

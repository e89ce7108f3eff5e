import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '#libs/contracts';
import {
  AUDIENCE,
  GITHUB_ACTIONS_ISSUER,
  githubActionsClaims,
  KUBERNETES_ISSUER,
  kubernetesClaims,
  startTestIssuer,
  type TestIssuer,
} from '#libs/testing';
import { TokenVerifier } from './token-verifier.js';
import type { TrustedIssuer } from './trusted-issuer.js';

let issuer: TestIssuer;
let another: TestIssuer;

beforeAll(async () => {
  [issuer, another] = await Promise.all([startTestIssuer(), startTestIssuer()]);
});
afterAll(() => Promise.all([issuer.stop(), another.stop()]));

const trusted = (
  { issuer: name, jwksUrl }: Pick<TestIssuer, 'issuer' | 'jwksUrl'>,
  rest: Partial<TrustedIssuer> = {},
): TrustedIssuer => ({
  issuer: name,
  jwksUrl,
  audiences: [AUDIENCE],
  algorithms: ['RS256'],
  claims: {},
  ...rest,
});
const verifierOf = (...issuers: TrustedIssuer[]) => {
  const verifier = new TokenVerifier({
    access: { allowPrivate: true },
    environment: undefined,
    onUnknownIssuer: async () => {},
  });
  verifier.trust(issuers);
  return verifier;
};
const outcome = async (verifier: TokenVerifier, token: string): Promise<string> => {
  const verification = await verifier.verify(token);
  return verification.valid ? verification.caller.subject : verification.problem.code;
};
const callerIn = async (verifier: TokenVerifier, token: string): Promise<Caller> => {
  const verification = await verifier.verify(token);
  if (!verification.valid) throw verification.problem;
  return verification.caller;
};
const seconds = () => Math.floor(Date.now() / 1000);

describe('a token', () => {
  const refused: [string, () => Promise<string>, string][] = [
    ['rubbish', async () => 'rubbish', 'token-invalid'],
    ['of nobody', async () => '', 'token-invalid'],
    ['that names no issuer', () => issuer.token({ iss: undefined as never }), 'token-invalid'],
    ['of another issuer', () => another.token(), 'issuer-untrusted'],
    ["of another issuer in this one's name", () => another.token({ iss: issuer.issuer }), 'token-invalid'],
    ['signed by a foreign key', () => issuer.token({}, { foreignKey: true }), 'token-invalid'],
    ['signed by a key that is not published', () => issuer.token({}, { kid: 'unheard' }), 'token-invalid'],
    ['signed with the public key as a secret', () => issuer.confusedToken(), 'token-invalid'],
    ['whose key id is a number', () => issuer.token({}, { header: { kid: 1 as never } }), 'token-invalid'],
    [
      'that demands an extension',
      () => issuer.token({}, { header: { crit: ['urn:x'], 'urn:x': 1 } }),
      'token-invalid',
    ],
    ['for another audience', () => issuer.token({ aud: 'another' }), 'token-invalid'],
    ['for no audience', () => issuer.token({ aud: undefined as never }), 'token-invalid'],
    ['that has expired', () => issuer.token({ exp: seconds() - 31 }), 'token-expired'],
    ['without an end', () => issuer.token({ exp: undefined as never }), 'token-invalid'],
    ['whose end is a text', () => issuer.token({ exp: '2099' as never }), 'token-invalid'],
    ['that is not valid yet', () => issuer.token({ nbf: seconds() + 60 }), 'token-invalid'],
    ['from the future', () => issuer.token({ iat: seconds() + 60 }), 'token-invalid'],
    ['issued at no time', () => issuer.token({ iat: 'now' as never }), 'token-invalid'],
    ['without a subject', () => issuer.token({ sub: undefined as never }), 'token-invalid'],
    ['with an empty subject', () => issuer.token({ sub: '' }), 'token-invalid'],
    ['with a control character in the subject', () => issuer.token({ sub: 'ali\u0000ce' }), 'token-invalid'],
    ['with an endless subject', () => issuer.token({ sub: 'x'.repeat(1025) }), 'token-invalid'],
  ];
  it.each(refused)('%s is refused', async (_, token, code) =>
    expect(await outcome(verifierOf(trusted(issuer)), await token())).toBe(code),
  );

  it('unsigned is refused', async () => {
    const [header = '', payload = ''] = (await issuer.token()).split('.');
    const none = (alg: string) => Buffer.from(JSON.stringify({ alg, kid: 'key-1' })).toString('base64url');
    const verifier = verifierOf(trusted(issuer));
    for (const alg of ['none', 'None', 'NONE', ''])
      expect(await outcome(verifier, `${none(alg)}.${payload}.`)).toBe('token-invalid');
    expect(await outcome(verifier, `${header}.${payload}.`)).toBe('token-invalid');
    expect(await outcome(verifier, `${header}.${payload}`)).toBe('token-invalid');
  });

  it('with the name or the text of a key of its own is not believed', async () => {
    const header = { jku: another.jwksUrl, x5u: another.jwksUrl, jwk: { kty: 'RSA' } };
    const fetchesBefore = another.fetches();
    const token = await another.token({ iss: issuer.issuer }, { header, kid: 'own' });
    expect(await outcome(verifierOf(trusted(issuer)), token)).toBe('token-invalid');
    expect(another.fetches()).toBe(fetchesBefore);
  });

  it('within the leeway of 30 seconds is good', async () => {
    const verifier = verifierOf(trusted(issuer));
    for (const claims of [{ exp: seconds() - 20 }, { nbf: seconds() + 20 }, { iat: seconds() + 20 }])
      expect(await outcome(verifier, await issuer.token(claims))).toBe('alice');
  });

  it('for any one of the audiences is good', async () => {
    const verifier = verifierOf(trusted(issuer, { audiences: ['first', AUDIENCE] }));
    expect(await outcome(verifier, await issuer.token({ aud: ['x', 'first'] }))).toBe('alice');
    expect(await outcome(verifier, await issuer.token())).toBe('alice');
    expect(await outcome(verifier, await issuer.token({ aud: ['x', 'firs'] }))).toBe('token-invalid');
  });

  it("must be signed by one of its issuer's algorithms", async () => {
    const token = await issuer.token();
    expect(await outcome(verifierOf(trusted(issuer, { algorithms: ['ES256'] })), token)).toBe(
      'token-invalid',
    );
    const symmetric = verifierOf(trusted(issuer, { algorithms: ['HS256', 'none'] }));
    expect(await outcome(symmetric, await issuer.confusedToken())).toBe('token-invalid');
  });

  it.each(['RS512', 'PS256', 'ES256', 'ES384'])('may be signed by %s', async (algorithm) => {
    const modern = await startTestIssuer();
    await modern.addKey('key-2', algorithm);
    const verifier = verifierOf(trusted(modern, { algorithms: ['RS256', algorithm] }));
    expect(await outcome(verifier, await modern.token())).toBe('alice');
    await modern.stop();
  });

  it('that is not valid is taken apart, without its signature', async () => {
    const verification = await verifierOf().verify(await issuer.token({ sub: 'bob' }));
    expect(verification).toMatchObject({ valid: false, claims: { sub: 'bob', iss: issuer.issuer } });
  });
});

describe('of several issuers', () => {
  it('each is held to its own rules', async () => {
    const verifier = verifierOf(trusted(issuer), trusted(another, { audiences: ['other'] }));
    expect(await outcome(verifier, await issuer.token())).toBe('alice');
    expect(await outcome(verifier, await another.token())).toBe('token-invalid');
    const caller = await callerIn(verifier, await another.token({ aud: 'other' }));
    expect(caller).toMatchObject({ issuer: another.issuer, subject: 'alice' });
  });

  it('simultaneous callers are told who they are themselves', async () => {
    const verifier = verifierOf(trusted(issuer), trusted(another));
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 ? issuer : another).token(
          { sub: `user-${index}` },
          index % 5 === 0 ? { foreignKey: true } : {},
        ),
      ),
    );
    const found = await Promise.all(tokens.map((token) => outcome(verifier, token)));
    expect(found).toEqual(tokens.map((_, index) => (index % 5 === 0 ? 'token-invalid' : `user-${index}`)));
  });

  it('one that is no longer trusted is refused from that moment', async () => {
    const verifier = verifierOf(trusted(issuer), trusted(another));
    expect(await outcome(verifier, await another.token())).toBe('alice');
    verifier.trust([trusted(issuer)]);
    expect(await outcome(verifier, await another.token())).toBe('issuer-untrusted');
  });

  it('one that has not changed, or changed its audiences, keeps its keys', async () => {
    const verifier = verifierOf(trusted(issuer));
    await outcome(verifier, await issuer.token());
    const before = issuer.fetches();
    verifier.trust([trusted(issuer)]);
    await outcome(verifier, await issuer.token());
    verifier.trust([trusted(issuer, { audiences: ['new'] })]);
    expect(await outcome(verifier, await issuer.token({ aud: 'new' }))).toBe('alice');
    expect(issuer.fetches()).toBe(before);
  });

  it("the environment's cannot be replaced by a provider", async () => {
    const verifier = new TokenVerifier({
      access: { allowPrivate: true },
      environment: trusted(issuer),
      onUnknownIssuer: async () => {},
    });
    verifier.trust([trusted(another, { issuer: issuer.issuer })]);
    expect(await outcome(verifier, await issuer.token())).toBe('alice');
    expect(await outcome(verifier, await another.token({ iss: issuer.issuer }))).toBe('token-invalid');
  });

  it('an unknown one has a last chance to become known', async () => {
    let asked = 0;
    const verifier: TokenVerifier = new TokenVerifier({
      access: { allowPrivate: true },
      environment: undefined,
      onUnknownIssuer: async () => {
        asked += 1;
        verifier.trust([trusted(issuer)]);
      },
    });
    expect(await outcome(verifier, await issuer.token())).toBe('alice');
    expect(await outcome(verifier, await issuer.token())).toBe('alice');
    expect(asked).toBe(1);
  });
});

describe('a caller', () => {
  it.each<[string, TrustedIssuer['claims'], Record<string, unknown>, string | undefined]>([
    ['sub', {}, { sub: 'ci' }, 'ci'],
    ['sub, without what some issuers add', {}, { sub: 'ci@clients' }, 'ci'],
    ['azp', { clientId: 'azp' }, { azp: 'ci', sub: 'ci' }, 'ci'],
    [
      'azp, with the same subject but for an addition',
      { clientId: 'azp' },
      { azp: 'ci', sub: 'ci@clients' },
      'ci',
    ],
    ['client_id', { clientId: 'client_id' }, { client_id: 'ci', azp: 'y', sub: 'ci' }, 'ci'],
    ['azp of a grant without a person', { clientId: 'azp' }, { azp: 'ci', gty: 'client-credentials' }, 'ci'],
    ['azp of an application', { clientId: 'azp' }, { azp: 'ci', idtyp: 'app' }, 'ci'],
    ['azp of a service principal', { clientId: 'azp' }, { azp: 'ci', oid: 'o-1', sub: 'o-1' }, 'ci'],
    [
      'azp of a service account',
      { clientId: 'azp' },
      { azp: 'CI', preferred_username: 'service-account-ci' },
      'CI',
    ],
    [
      'client_id of a service account',
      { clientId: 'client_id' },
      { azp: 'ci', client_id: 'ci', clientAddress: '192.0.2.7' },
      'ci',
    ],
    ['nobody, when a person signed in through it', { clientId: 'azp' }, { azp: 'ci' }, undefined],
    [
      'nobody, when a person signed in through it: client_id',
      { clientId: 'client_id' },
      { client_id: 'ci', azp: 'ci' },
      undefined,
    ],
    [
      "nobody, when it is another one's service account",
      { clientId: 'azp' },
      { azp: 'ci', client_id: 'ci', preferred_username: 'service-account-ci-2' },
      undefined,
    ],
    [
      'nobody, when a person chose the name of a service account',
      { clientId: 'azp' },
      { azp: 'ci', preferred_username: 'service-account-ci', email: 'mallory@example.com' },
      undefined,
    ],
    [
      'nobody, when a person has an object of their own',
      { clientId: 'azp' },
      { azp: 'ci', idtyp: 'user', oid: 'alice' },
      undefined,
    ],
    ['nothing, when the claim is not there', { clientId: 'azp' }, { sub: 'ci' }, undefined],
    ['nothing, when the claim is no text', { clientId: 'azp' }, { azp: ['ci'] }, undefined],
    ['nothing, when nothing is left', { clientId: 'azp' }, { azp: '@clients' }, undefined],
  ])('is the client named by %s', async (_, claims, said, clientId) => {
    const caller = await callerIn(verifierOf(trusted(issuer, { claims })), await issuer.token(said));
    expect(caller.clientId).toBe(clientId);
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['true', { email_verified: true }, true],
    ['a text', { email_verified: 'true' }, false],
    ['one', { email_verified: 1 }, false],
    ['not there', {}, false],
  ])('has a verified e-mail only when the issuer says true: %s', async (_, said, verified) => {
    const token = await issuer.token({ email: 'Alice@Example.com', ...said });
    expect(await callerIn(verifierOf(trusted(issuer)), token)).toMatchObject({
      email: 'alice@example.com',
      emailVerified: verified,
    });
  });

  it('has the e-mail of the claim its issuer writes it into', async () => {
    const verifier = verifierOf(trusted(issuer, { claims: { email: 'upn' } }));
    const token = await issuer.token({ email: 'other@example.com', upn: 'alice@example.com' });
    expect((await callerIn(verifier, token)).email).toBe('alice@example.com');
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['what is said of email', { email: 'mine@example.com', email_verified: true }, false],
    ['what is said of email, which is not there', { email_verified: true }, false],
    ['what is said of it', { mail_verified: true }, true],
    ['what is said of it in a text', { mail_verified: 'true' }, false],
    ['what is said of the same email', { email: 'Alice@example.com', email_verified: true }, true],
  ])('whose e-mail is in another claim: %s', async (_, said, verified) => {
    const verifier = verifierOf(trusted(issuer, { claims: { email: 'mail' } }));
    const token = await issuer.token({ mail: 'alice@example.com', ...said });
    expect(await callerIn(verifier, token)).toMatchObject({
      email: 'alice@example.com',
      emailVerified: verified,
    });
  });

  it('brings claims that are texts, numbers, truth values or lists of them', async () => {
    const token = await issuer.token({
      groups: ['a', 'b'],
      level: 3,
      staff: true,
      address: { city: 'x' },
      no: null,
    });
    const { claims } = await callerIn(verifierOf(trusted(issuer)), token);
    expect(claims).toMatchObject({ sub: 'alice', groups: ['a', 'b'], level: 3, staff: true });
    expect(Object.keys(claims ?? {})).not.toEqual(expect.arrayContaining(['address']));
    expect(Object.keys(claims ?? {})).not.toEqual(expect.arrayContaining(['no']));
  });

  it('brings no more than 64 of them and 8 KiB, the longest left out', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`claim-${index}`, index]));
    const groups = Array.from({ length: 300 }, (_, index) => `a-group-with-a-long-name-${index}`);
    const token = await issuer.token({ ...many, groups, repository: 'octo-org/app' });
    const { claims = {} } = await callerIn(verifierOf(trusted(issuer)), token);
    expect(Object.keys(claims)).toHaveLength(64);
    const long = await issuer.token({ groups, repository: 'octo-org/app' });
    const { claims: bounded = {} } = await callerIn(verifierOf(trusted(issuer)), long);
    expect(bounded).toMatchObject({ repository: 'octo-org/app', sub: 'alice' });
    expect(bounded).not.toHaveProperty('groups');
    expect(JSON.stringify(bounded).length).toBeLessThanOrEqual(8 * 1024);
  });
});

describe('machines that bring tokens of their own', () => {
  it("GitHub's jobs", async () => {
    const github = await startTestIssuer({ issuer: GITHUB_ACTIONS_ISSUER });
    const token = await github.token(githubActionsClaims({ owner: 'octo-org', name: 'app' }));
    expect(await callerIn(verifierOf(trusted(github)), token)).toMatchObject({
      issuer: GITHUB_ACTIONS_ISSUER,
      subject: 'repo:octo-org/app:ref:refs/heads/main',
      emailVerified: false,
      claims: { repository: 'octo-org/app', repository_owner_id: '6501', ref: 'refs/heads/main' },
    });
    await github.stop();
  });

  it("Kubernetes' service accounts", async () => {
    const cluster = await startTestIssuer({ issuer: KUBERNETES_ISSUER });
    const token = await cluster.token(kubernetesClaims('ci', 'launcher', AUDIENCE));
    const caller = await callerIn(verifierOf(trusted(cluster)), token);
    expect(caller).toMatchObject({
      issuer: KUBERNETES_ISSUER,
      subject: 'system:serviceaccount:ci:launcher',
      claims: { aud: [AUDIENCE] },
    });
    expect(caller.claims).not.toHaveProperty(['kubernetes.io']);
    await cluster.stop();
  });
});

import cookie from '@fastify/cookie';
import proxy from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, callerSchema, Problem } from '#libs/contracts';
import { CALLER_PASS_HEADER, sendProblem, signCallerPass } from '#libs/runtime';
import { DEVELOPMENT_CALLER } from '../authentication/bearer.guard.js';
import { dashboardUnreachable } from './dashboard-unreachable.js';
import type { SealedTokens } from './sealed-token.js';
import type { SignIn, SignInAttempt } from './sign-in.js';

const SESSION_COOKIE = 'rts_session';
const ATTEMPT_COOKIE = 'rts_sign_in';
const SESSION_SECONDS = 8 * 60 * 60;
const ATTEMPT_SECONDS = 10 * 60;
const HOME = '/dashboard';

export type DashboardOptions = {
  /** Where the dashboard app listens internally. */
  upstream: string;
  publicUrl: string;
  serverSecret: string;
  tokens: SealedTokens;
  /** Absent when no OIDC client is configured. */
  signIn: SignIn | undefined;
  authenticationEnabled: boolean;
};

/**
 * The pages, reached through the public door: who is signed in is settled here and passed on under a signature; the
 * dashboard app itself is never asked by a browser.
 */
export const dashboard = (options: DashboardOptions) => async (fastify: FastifyInstance) => {
  const { upstream, publicUrl, serverSecret, tokens, signIn, authenticationEnabled } = options;
  const cookieOptions = {
    path: HOME,
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
  } as const;

  const callerOf = async (request: FastifyRequest): Promise<Caller | undefined> => {
    if (!authenticationEnabled) return DEVELOPMENT_CALLER;
    const session = await tokens.open('session', request.cookies[SESSION_COOKIE]);
    return callerSchema.safeParse(session?.caller).data;
  };

  const begin = async (_request: FastifyRequest, reply: FastifyReply) => {
    if (signIn === undefined) throw signInNotConfigured();
    const { location, attempt } = await signIn.begin();
    const sealed = await tokens.seal('sign-in', attempt, ATTEMPT_SECONDS);
    return reply
      .setCookie(ATTEMPT_COOKIE, sealed, { ...cookieOptions, maxAge: ATTEMPT_SECONDS })
      .redirect(location);
  };

  const finish = async (request: FastifyRequest, reply: FastifyReply) => {
    const attempt = await tokens.open('sign-in', request.cookies[ATTEMPT_COOKIE]);
    if (signIn === undefined || attempt === undefined) return reply.redirect(`${HOME}/login`);
    const [, query = ''] = request.url.split('?');
    const caller = await signIn.finish(query, attempt as SignInAttempt);
    const session = await tokens.seal('session', { caller }, SESSION_SECONDS);
    return reply
      .clearCookie(ATTEMPT_COOKIE, cookieOptions)
      .setCookie(SESSION_COOKIE, session, { ...cookieOptions, maxAge: SESSION_SECONDS })
      .redirect(HOME);
  };

  await fastify.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, publicUrl));
    await scope.register(cookie);
    scope.get(`${HOME}/login`, begin);
    scope.get(`${HOME}/callback`, finish);
    scope.get(`${HOME}/logout`, async (_request, reply) =>
      reply
        .clearCookie(SESSION_COOKIE, cookieOptions)
        .redirect(authenticationEnabled ? `${HOME}/login` : HOME),
    );
    await scope.register(proxy, {
      upstream,
      prefix: HOME,
      rewritePrefix: HOME,
      httpMethods: ['GET', 'HEAD'],
      preHandler: async (request, reply) => {
        const caller = await callerOf(request);
        if (caller) {
          request.headers[CALLER_PASS_HEADER] = signCallerPass(caller, serverSecret);
        } else if (wantsPage(request)) {
          return reply.redirect(`${HOME}/login`);
        } else {
          throw new Problem('token-missing', `Sign in at ${publicUrl}${HOME}/login first.`);
        }
        return undefined;
      },
      replyOptions: {
        /** The session is ours; the app behind has its own word for who is asking. */
        rewriteRequestHeaders: (request, { cookie: _, authorization: __, ...headers }) => ({
          ...headers,
          'x-request-id': String(request.id),
        }),
        onError: (reply, { error }) =>
          sendProblem(
            dashboardUnreachable(error),
            reply.request as FastifyRequest,
            reply as FastifyReply,
            publicUrl,
          ),
      },
    });
  });
};

/** A person is sent to the sign-in; the page's own live stream is told that it has to be. */
const wantsPage = ({ headers: { accept = '' } }: FastifyRequest) =>
  accept.includes('text/html') && !accept.includes('text/event-stream');

const signInNotConfigured = () =>
  new Problem(
    'token-missing',
    'Signing in needs OIDC_CLIENT_ID (and OIDC_CLIENT_SECRET). Ask whoever runs this service.',
  );

import { createHash } from 'node:crypto';
import { Webhooks } from '@octokit/webhooks';
import type { FastifyInstance, FastifyReply, FastifyRequest, preParsingHookHandler } from 'fastify';
import { Problem } from '#libs/contracts';
import type { Bus } from '#libs/messaging';
import { sendProblem } from '#libs/runtime';
import { requestContextOf } from '../caller/request-context.js';
import type { AccessRefusals } from '../refusals/access-refusals.js';
import { countedDeliveries, type OfNoUse } from './delivery-metrics.js';
import { leanDelivery } from './lean-delivery.js';
import { recordDelivery } from './record-delivery.js';

export const WEBHOOK_PATHS = ['/webhooks/github', '/api/v1/webhooks/github'];
/** GitHub's own cap. */
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;
const BUDGET_BYTES = 64 * 1024 * 1024;
const BODY_WITHIN_MS = 10_000;

export type GithubWebhooksOptions = {
  /** The first is the current one; the others are on their way out. Empty: every delivery is refused. */
  secrets: readonly string[];
  /** Deliveries of other installations are ignored; absent: sync tells them apart. */
  installationId: number | undefined;
  bus: Bus;
  refusals: AccessRefusals;
  publicUrl: string;
  /** GitHub sends at once; whoever drips holds a connection and memory. Default 10,000. */
  bodyWithinMs?: number;
  /** Of bodies being read at one time, all together. Default 64 MiB. */
  budgetBytes?: number;
};

/**
 * Where GitHub delivers. A Fastify plugin of its own because it needs the raw bytes: the signature is checked over
 * exactly what was sent, before anything is parsed, and a delivery without one is turned away unread.
 */
export const githubWebhooks = ({
  secrets,
  installationId,
  bus,
  refusals,
  publicUrl,
  bodyWithinMs = BODY_WITHIN_MS,
  budgetBytes = BUDGET_BYTES,
}: GithubWebhooksOptions) => {
  const counted = countedDeliveries();
  const verifiers = secrets.map((secret) => new Webhooks({ secret }));
  let bytesInFlight = 0;

  const refuseUnread = async (request: FastifyRequest) => {
    if (verifiers.length === 0) throw secretMissing();
    if (typeof request.headers['x-hub-signature-256'] !== 'string') throw signatureInvalid();
    if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) throw tooLarge();
    if (bytesInFlight > budgetBytes) throw overloaded();
  };

  /** What counts is what has arrived: a sender may announce much and send nothing. */
  const countBytes: preParsingHookHandler = (request, reply, payload, done) => {
    let bytes = 0;
    const giveUp = setTimeout(() => request.raw.destroy(), bodyWithinMs);
    payload.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      bytesInFlight += chunk.length;
      if (bytesInFlight > budgetBytes) request.raw.destroy();
    });
    payload.once('end', () => clearTimeout(giveUp));
    reply.raw.once('close', () => {
      clearTimeout(giveUp);
      bytesInFlight -= bytes;
    });
    // before the next tick, or the first bytes would be seen by nobody else
    done(null, payload);
  };

  const isSigned = async (body: Buffer, signature: string): Promise<boolean> => {
    const text = body.toString('utf8');
    for (const verifier of verifiers)
      if (await verifier.verify(text, signature).catch(() => false)) return true;
    return false;
  };

  const receive = async (request: FastifyRequest, reply: FastifyReply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const {
      'x-hub-signature-256': signature,
      'x-github-event': event,
      'x-github-delivery': guid,
    } = request.headers;
    if (!(await isSigned(body, String(signature)))) throw signatureInvalid();
    const ignore = (why: OfNoUse) => {
      counted.inc({ result: `ignored-${why}` });
      return reply.send({ status: 'ignored' });
    };
    const payload = parse(body, request.headers['content-type']);
    if (event !== 'workflow_job') return ignore('unknown-event');
    const delivery = leanDelivery(payload, new Date().toISOString(), { installationId });
    if (typeof delivery === 'string') return ignore(delivery);
    if (!isGuid(guid)) return ignore('unreadable');
    const bodySha256 = createHash('sha256').update(body).digest('hex');
    const { status } = await recordDelivery(
      bus,
      { guid, bodySha256, ...delivery },
      requestContextOf(request),
    ).catch((error: unknown) => {
      counted.inc({ result: 'failed' });
      throw error;
    });
    if (status === 'ignored') return ignore('foreign');
    counted.inc({ result: status });
    return reply.status(status === 'accepted' ? 202 : 200).send({ status });
  };

  return async (fastify: FastifyInstance): Promise<void> => {
    await fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        '*',
        { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
        (_request, body, done) => done(null, body),
      );
      scope.setErrorHandler((error, request, reply) => {
        if (error instanceof Problem) refusals.note(error, request);
        sendProblem(error, request, reply, publicUrl);
      });
      for (const path of WEBHOOK_PATHS) {
        scope.post(
          path,
          {
            bodyLimit: BODY_LIMIT_BYTES,
            onRequest: refuseUnread,
            preParsing: countBytes,
          },
          receive,
        );
      }
    });
  };
};

const isGuid = (guid: unknown): guid is string => typeof guid === 'string' && /^[\w-]{1,128}$/.test(guid);

/** With content type `form` the JSON is in the field `payload`; the signature covers the form as sent. */
const parse = (body: Buffer, contentType = ''): unknown => {
  const text = body.toString('utf8');
  const json = contentType.startsWith('application/x-www-form-urlencoded')
    ? (new URLSearchParams(text).get('payload') ?? '')
    : text;
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Problem('body-not-json', 'The delivery is not JSON.', { cause });
  }
};

const signatureInvalid = () =>
  new Problem(
    'webhook-signature-invalid',
    'X-Hub-Signature-256 is missing or does not match. Check that GitHub and GITHUB_WEBHOOK_SECRET agree.',
  );

const secretMissing = () =>
  new Problem('webhook-secret-missing', 'Deliveries are not accepted until GITHUB_WEBHOOK_SECRET is set.');

const tooLarge = () =>
  new Problem('body-too-large', 'GitHub sends no deliveries over 25 MiB; this one is larger.');

const overloaded = () =>
  new Problem(
    'service-unavailable',
    'Too many large deliveries at once. GitHub may deliver this one again.',
    {
      retryAfterSeconds: 5,
    },
  );

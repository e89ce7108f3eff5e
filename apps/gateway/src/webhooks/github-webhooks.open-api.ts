import { problemResponses } from '../http/problem-responses.js';
import { WEBHOOK_PATHS } from './github-webhooks.plugin.js';

const answer = (description: string, ...statuses: string[]) => ({
  description,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: { status: { type: 'string', enum: statuses } },
        required: ['status'],
      },
      example: { status: statuses[0] },
    },
  },
});

const problems = problemResponses([
  'body-not-json',
  'webhook-signature-invalid',
  'body-too-large',
  'unexpected',
  'event-store-unavailable',
  'service-unavailable',
  'webhook-secret-missing',
]);

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

const receive = {
  operationId: 'receiveGithubWebhook',
  tags: ['webhooks'],
  summary: 'Where GitHub delivers',
  parameters: [
    header('X-Hub-Signature-256', 'sha256=<HMAC of the body with the webhook secret>'),
    header('X-GitHub-Event', 'Only workflow_job is used'),
    header('X-GitHub-Delivery', 'A GUID; the same one is recorded once'),
  ],
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { type: 'object' }, example: { action: 'in_progress' } } },
  },
  responses: {
    200: answer('Recorded before, or of no use', 'duplicate', 'ignored'),
    202: answer('Recorded', 'accepted'),
    ...Object.fromEntries(problems.map(({ status, ...response }) => [status, response])),
  },
};

/** Webhooks are no controller: their routes are described here. */
export const webhookPaths = Object.fromEntries(
  WEBHOOK_PATHS.map((path, index) => [
    path,
    { post: { ...receive, operationId: `${receive.operationId}${index === 0 ? '' : index + 1}` } },
  ]),
);

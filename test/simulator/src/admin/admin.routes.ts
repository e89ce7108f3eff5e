import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GitHubError } from '../github/github-error.js';
import { parseJson } from '../github/request-body.js';
import { toRunnerObject } from '../github/runner.js';
import { toLabels } from '../github/runner-labels.js';
import { tokenOrderSchema } from '../oidc/mint-token.js';
import type { Simulated } from '../simulated.js';

const foreignRunnersSchema = z.strictObject({
  count: z.number().int().min(1).max(20_000).default(1),
  name_prefix: z.string().default('foreign'),
  labels: z.array(z.string()).default(['self-hosted', 'linux', 'x64']),
  status: z.enum(['online', 'offline']).default('offline'),
  busy: z.boolean().default(false),
  ephemeral: z.boolean().default(false),
  os: z.string().default('linux'),
  runner_group_id: z.number().int().default(1),
});

const runnerChangeSchema = z.strictObject({
  labels: z.array(z.string()).optional(),
  status: z.enum(['online', 'offline']).optional(),
  busy: z.boolean().optional(),
});

const groupSchema = z.strictObject({
  name: z.string().min(1),
  visibility: z.enum(['all', 'selected', 'private']).default('all'),
});

/** What only a test or a person at the desk does; nothing of this exists at GitHub. */
export function serveAdmin(http: FastifyInstance, simulated: Simulated): void {
  const { runners, groups, switches, calls, oidc, names } = simulated;

  http.get('/_simulator/state', () => ({
    org: names.org,
    runners: runners.all().map(toRunnerObject),
    calls: calls.counts(),
  }));

  http.get('/_simulator/switches', () => switches.values);
  http.patch('/_simulator/switches', ({ body }) => switches.patch(parseJson(body)));
  http.delete('/_simulator/switches', () => switches.reset());

  http.delete('/_simulator/counters', (_request, reply) => {
    calls.reset();
    return reply.code(204).send();
  });

  http.post('/_simulator/tokens', async ({ body }, reply) => {
    const order = tokenOrderSchema.parse(parseJson(body));
    return reply.code(201).send({
      access_token: await oidc.mint(order),
      token_type: 'Bearer',
      expires_in: order.expires_in,
      issuer: oidc.issuer,
    });
  });

  http.post('/_simulator/issuer-keys', async (_request, reply) => {
    await oidc.rotateKeys();
    return reply.code(204).send();
  });

  http.post('/_simulator/runner-groups', ({ body }, reply) => {
    const { name, visibility } = groupSchema.parse(parseJson(body));
    return reply.code(201).send(groups.add(name, visibility));
  });

  http.post('/_simulator/runners', ({ body }, reply) => {
    const { count, name_prefix, labels, ...shape } = foreignRunnersSchema.parse(parseJson(body) ?? {});
    const free = (start: number): string => {
      let index = start;
      while (runners.findByName(`${name_prefix}-${index}`)) index += 1;
      return `${name_prefix}-${index}`;
    };
    const added = simulated.database.transaction(() =>
      Array.from({ length: count }, (_, index) =>
        runners.add({ ...shape, name: free(index + 1), labels: toLabels(labels, 'by_name') }),
      ),
    );
    return reply.code(201).send({ total_count: added.length, runners: added.map(toRunnerObject) });
  });

  http.get<{ Params: { id: string } }>('/_simulator/runners/:id', ({ params }) => found(params.id));

  http.patch<{ Params: { id: string } }>('/_simulator/runners/:id', ({ params, body }) => {
    const { labels, status, busy } = runnerChangeSchema.parse(parseJson(body));
    const changed = runners.change(runnerById(params.id), {
      ...(labels ? { labels: toLabels(labels, switches.values.label_type) } : {}),
      ...(status ? { status } : {}),
      ...(busy === undefined ? {} : { busy }),
    });
    return toRunnerObject(changed);
  });

  http.delete<{ Params: { id: string } }>('/_simulator/runners/:id', ({ params }, reply) => {
    runners.remove(runnerById(params.id));
    return reply.code(204).send();
  });

  const found = (id: string) => toRunnerObject(runnerById(id));

  function runnerById(id: string) {
    const runner = runners.get(Number(id));
    if (!runner) throw new GitHubError(404, `no runner ${id}`);
    return runner;
  }
}

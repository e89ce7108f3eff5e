import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { orgUrlOf } from '../github/accounts.js';
import { GitHubError } from '../github/github-error.js';
import { minimalRepositoryObject } from '../github/repository.js';
import { parseJson } from '../github/request-body.js';
import { toRunnerObject } from '../github/runner.js';
import { newGroupSettings, toRunnerGroupObject } from '../github/runner-groups.js';
import { toLabels } from '../github/runner-labels.js';
import type { Simulated } from '../simulated.js';

const foreignRunnersSchema = z.strictObject({
  count: z.number().int().min(1).max(20_000).default(1),
  /** Names are `<prefix>-1`, `<prefix>-2`, … as far as they are free. */
  name_prefix: z.string().min(1).default('foreign'),
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

const repositorySchema = z.strictObject({
  /** Name without the organisation. */
  name: z.string().regex(/^[\w.-]+$/),
  visibility: z.enum(['private', 'public']).default('private'),
});

type ById = { Params: { id: string } };

/** Runners that nobody registered through the service, and changes made behind its back. */
export function serveRunnerAdmin(http: FastifyInstance, simulated: Simulated): void {
  const { database, runners, groups, repositories, service, switches, names } = simulated;

  http.post('/_simulator/runners', ({ body }, reply) => {
    const { count, name_prefix, labels, ...shape } = foreignRunnersSchema.parse(parseJson(body) ?? {});
    if (!groups.get(shape.runner_group_id)) throw new GitHubError(404, `no group ${shape.runner_group_id}`);
    let number = 0;
    const freeName = (): string => {
      do number += 1;
      while (runners.findByName(`${name_prefix}-${number}`));
      return `${name_prefix}-${number}`;
    };
    const added = database.transaction(() =>
      Array.from({ length: count }, () =>
        runners.add({ ...shape, name: freeName(), labels: toLabels(labels, switches.values.label_type) }),
      ),
    );
    return reply.code(201).send({ total_count: added.length, runners: added.map(toRunnerObject) });
  });

  http.get<ById>('/_simulator/runners/:id', ({ params }) => toRunnerObject(runnerById(params.id)));

  http.patch<ById>('/_simulator/runners/:id', ({ params, body }) => {
    const { labels, status, busy } = runnerChangeSchema.parse(parseJson(body));
    const changed = runners.change(runnerById(params.id), {
      ...(labels ? { labels: toLabels(labels, switches.values.label_type) } : {}),
      ...(status ? { status } : {}),
      ...(busy === undefined ? {} : { busy }),
    });
    service.reconsider();
    return toRunnerObject(changed);
  });

  http.delete<ById>('/_simulator/runners/:id', ({ params }, reply) => {
    const runner = runnerById(params.id);
    runners.remove(runner);
    service.forget(runner);
    return reply.code(204).send();
  });

  http.post('/_simulator/runner-groups', ({ body }, reply) => {
    const { name, visibility } = groupSchema.parse(parseJson(body));
    const group = groups.add({ ...newGroupSettings, name, visibility });
    return reply.code(201).send(toRunnerGroupObject(group, orgUrlOf(names)));
  });

  http.post('/_simulator/repositories', ({ body }, reply) => {
    const { name, visibility } = repositorySchema.parse(parseJson(body));
    const repository = repositories.put({ name, private: visibility === 'private' });
    service.reconsider();
    return reply.code(201).send(minimalRepositoryObject(names, repository));
  });

  function runnerById(id: string) {
    const runner = runners.get(Number(id));
    if (!runner) throw new GitHubError(404, `no runner ${id}`);
    return runner;
  }
}

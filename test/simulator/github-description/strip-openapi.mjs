import { referredTo, toJsonSchema } from './json-schema.mjs';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const schemaPrefix = '#/components/schemas/';

/**
 * What is needed of GitHub's OpenAPI description to judge requests and answers of some operations: addresses,
 * parameters, bodies, and every schema they refer to. Operations that it does not know are left out.
 */
export function stripOpenApi(document, operationIds) {
  const operations = Object.fromEntries(
    Object.entries(document.paths)
      .flatMap(([path, item]) =>
        methods
          .filter((method) => operationIds.includes(item[method]?.operationId))
          .map((method) => [item[method].operationId, stripOperation(document, path, method, item)]),
      )
      .sort(([one], [other]) => one.localeCompare(other)),
  );
  const schemas = document.components.schemas;
  // Error answers are described once, though many operations do not say that they have any.
  const always = ['basic-error', 'validation-error', 'validation-error-simple'].map((name) => ({
    $ref: schemaPrefix + name,
  }));
  const names = referredTo([operations, always], schemaPrefix, (name) => toJsonSchema(schemas[name]));
  return {
    operations,
    components: { schemas: Object.fromEntries(names.map((name) => [name, toJsonSchema(schemas[name])])) },
  };
}

function stripOperation(document, path, method, item) {
  const operation = item[method];
  const resolved = (value) => {
    if (!value?.$ref) return value;
    const [, , kind, name] = value.$ref.split('/');
    return document.components[kind][name];
  };
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved);
  const body = resolved(operation.requestBody);
  return {
    method: method.toUpperCase(),
    path,
    documentation: operation.externalDocs.url,
    enabledForGitHubApps: operation['x-github'].enabledForGitHubApps,
    parameters: parameters.map(({ name, in: place, required = false, schema }) => ({
      name,
      in: place,
      required,
      schema: toJsonSchema(schema),
    })),
    ...(body ? { requestBody: { required: body.required ?? false, content: contentOf(body.content) } } : {}),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => {
        const { content, headers } = resolved(response);
        return [status, { content: contentOf(content ?? {}), ...(headers?.Link ? { paged: true } : {}) }];
      }),
    ),
  };
}

const contentOf = (content) =>
  Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, toJsonSchema(schema)]));

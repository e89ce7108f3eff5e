import { referredTo, toJsonSchema } from './json-schema.mjs';

const prefix = '#/definitions/';

/** The schemas of some events, one for each action (`workflow_job$queued`), with every schema they refer to. */
export function stripWebhooks(document, events) {
  const roots = Object.keys(document.definitions).filter((name) => events.includes(name.split('$')[0]));
  const missing = events.filter((event) => !roots.some((name) => name.startsWith(`${event}$`)));
  if (missing.length > 0) throw new Error(`not in the schemas: ${missing.join(', ')}`);

  const schemaOf = (name) => toJsonSchema(document.definitions[name]);
  const names = referredTo(
    roots.map((name) => ({ $ref: prefix + name })),
    prefix,
    schemaOf,
  );
  return { definitions: Object.fromEntries(names.map((name) => [name, schemaOf(name)])) };
}

import type { Exchange } from '../src/observer.js';
import type { DescribedOperation, Description, JsonSchema } from './description.js';
import { memberDifferences } from './member-check.js';
import { schemaChecker } from './schema-check.js';

/** Says what of a request the description does not know: parameters, and the body. */
export function requestChecker(components: Description['components']) {
  const checkerOf = schemaChecker({ components });
  const texts = schemaChecker({ components }, { coerce: true });
  const parameterSchemas = new Map<DescribedOperation, JsonSchema>();

  const parameterSchema = (described: DescribedOperation): JsonSchema => {
    const known = parameterSchemas.get(described);
    if (known) return known;
    const schema = {
      type: 'object',
      properties: Object.fromEntries(described.parameters.map((each) => [each.name, each.schema])),
      required: described.parameters.filter((each) => each.required).map((each) => each.name),
      additionalProperties: false,
    };
    parameterSchemas.set(described, schema);
    return schema;
  };

  return ({ path, params, body }: Exchange['request'], described: DescribedOperation): string[] => {
    const query = new URLSearchParams(path.split('?')[1]);
    // The organisation in an address of a repository is its owner.
    const named = described.path.includes('{owner}')
      ? { ...params, owner: params.org, org: undefined }
      : params;
    const given = Object.fromEntries(
      Object.entries({ ...named, ...Object.fromEntries(query) }).filter(([, value]) => value !== undefined),
    );
    const parameters = texts(parameterSchema(described))(given).map((each) => `parameter ${each}`);
    const schema = described.requestBody?.content['application/json'];
    if (!schema) return body === undefined ? parameters : [...parameters, 'no request body is described'];
    if (body === undefined) {
      return described.requestBody?.required ? [...parameters, 'the request body is missing'] : parameters;
    }
    const differences = [...checkerOf(schema)(body), ...memberDifferences(body, schema, components.schemas)];
    return [...parameters, ...differences.map((each) => `request body ${each}`)];
  };
}

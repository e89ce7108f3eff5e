import type { Exchange } from '../src/observer.js';
import { type Described, type DescribedOperation, type JsonSchema, readDescription } from './description.js';
import { headerDifferences } from './header-check.js';
import { memberDifferences } from './member-check.js';
import { requestChecker } from './request-check.js';
import { schemaChecker } from './schema-check.js';
import { misdescriptions, undescribedAnswers, undescribedOperations } from './undescribed.js';

/** Compares answers, and the requests they accept, with one of GitHub's descriptions. */
export function answerJudge(which: Described): (exchange: Exchange) => string[] {
  const { operations, components } = readDescription(which);
  const checkerOf = schemaChecker({ components });
  const requestDifferences = requestChecker(components);

  const bodyDifferences = (body: unknown, schema: JsonSchema): string[] => [
    ...checkerOf(schema)(body),
    ...memberDifferences(body, schema, components.schemas),
  ];

  const answerDifferences = ({ operation, answer }: Exchange, described: DescribedOperation): string[] => {
    const { status, body } = answer;
    const content = contentOf(operation, described, answer);
    if (!content) return [`status ${status} is not described`];
    const types = Object.keys(content);
    if (body === undefined) return types.length === 0 ? [] : [`a body of ${types.join(' or ')} is missing`];
    const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const schema = content[type];
    return schema ? bodyDifferences(body, schema) : [`no body of "${type}" is described`];
  };

  return (exchange) => {
    const { operation, request, answer } = exchange;
    if (undescribedOperations[operation]) return [];
    const described = operations[operation];
    const differences = described
      ? [
          ...answerDifferences(exchange, described),
          ...headerDifferences(exchange, described, which),
          // What GitHub refuses need not fit; what it accepts must.
          ...(answer.status < 300 ? requestDifferences(request, described) : []),
        ]
      : ['the operation is not described'];
    return differences.map(
      (difference) => `${which} ${request.method} ${request.path} → ${answer.status}: ${difference}`,
    );
  };
}

function contentOf(
  operation: string,
  described: DescribedOperation,
  { status, headers }: Exchange['answer'],
): Readonly<Record<string, JsonSchema>> | undefined {
  const version = headers['x-github-api-version-selected'];
  const corrected = misdescriptions.find(
    (each) => each.operation === operation && (each.version === undefined || each.version === version),
  );
  if (corrected && status === 200) return { 'application/json': corrected.schema };
  const response = described.responses[status];
  if (response) return response.content;
  const exempt = undescribedAnswers.find(
    (each) => each.status === status && (each.operations === '*' || each.operations.includes(operation)),
  );
  if (!exempt) return undefined;
  return exempt.schema ? { 'application/json': { $ref: `#/components/schemas/${exempt.schema}` } } : {};
}

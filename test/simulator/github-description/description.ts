import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A draft-7 schema; references begin with `#/components/schemas/`. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface DescribedResponse {
  /** By media type; empty when there is no body. */
  content: Readonly<Record<string, JsonSchema>>;
  /** Comes with a `Link` header when there are more pages. */
  paged?: true;
}

export interface DescribedOperation {
  method: string;
  /** `/orgs/{org}/actions/runners` */
  path: string;
  /** Page that errors name in `documentation_url`. */
  documentation: string;
  /** Whether an installation token may call it. */
  enabledForGitHubApps: boolean;
  parameters: readonly {
    name: string;
    in: 'path' | 'query' | 'header';
    required: boolean;
    schema: JsonSchema;
  }[];
  requestBody?: { required: boolean; content: Readonly<Record<string, JsonSchema>> };
  responses: Readonly<Record<string, DescribedResponse>>;
}

/** The part of GitHub's OpenAPI description that the simulator answers. */
export interface Description {
  operations: Readonly<Record<string, DescribedOperation>>;
  components: { schemas: Readonly<Record<string, JsonSchema>> };
}

/** The schemas of the webhooks the simulator sends, by event and action (`workflow_job$queued`). */
export interface WebhookDescription {
  definitions: Readonly<Record<string, JsonSchema>>;
}

/** Which GitHub: the one everybody uses, or a server of one's own. */
export type Described = 'api.github.com' | 'ghes-3.19';

export const readDescription = (which: Described): Description => read(`${which}.json`);

export const readWebhookDescription = (): WebhookDescription => read('webhooks.json');

/** What the descriptions were stripped down to. */
export const readAnswered = (): { operations: string[]; events: string[] } => read('answered.json');

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));

import { GitHubError, unprocessable } from './github-error.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws GitHubError 400 for anything that is no JSON */
export function parseJson(raw: unknown): unknown {
  if (!Buffer.isBuffer(raw) || raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new GitHubError(400, 'Problems parsing JSON');
  }
}

/** The same for those who only look on: what is no JSON is nothing. */
export function jsonOrNothing(raw: unknown): unknown {
  try {
    return parseJson(raw);
  } catch {
    return undefined;
  }
}

/** @throws GitHubError 400 unless the body is an object; nothing sent counts as `{}` */
export function objectBody(body: unknown): JsonObject {
  if (body === undefined) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new GitHubError(400, 'Body should be a JSON object');
  }
  return { ...body };
}

/** @throws GitHubError 422 in the words of GitHub's schema check */
export function required(body: JsonObject, ...keys: string[]): void {
  for (const key of keys) {
    if (body[key] === undefined) {
      throw unprocessable(`Invalid input: object is missing required key: ${key}`);
    }
  }
}

export function text(body: JsonObject, key: string): string {
  const value = body[key];
  if (typeof value !== 'string') throw wrongType(key, value, 'string');
  return value;
}

export function integer(body: JsonObject, key: string): number {
  const value = body[key];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(key, value, 'integer');
  return value;
}

export function flag(body: JsonObject, key: string): boolean {
  const value = body[key];
  if (typeof value !== 'boolean') throw wrongType(key, value, 'boolean');
  return value;
}

export function oneOf<T extends string>(body: JsonObject, key: string, allowed: readonly T[]): T {
  const value = text(body, key);
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    throw unprocessable(
      `Invalid property /${key}: \`${value}\` is not a possible value. Must be one of the following: ${allowed.join(', ')}.`,
    );
  }
  return found;
}

export function integers(body: JsonObject, key: string): number[] {
  const value = body[key];
  if (!Array.isArray(value)) throw wrongType(key, value, 'array');
  return value.map((item: unknown, index) => {
    if (typeof item !== 'number' || !Number.isInteger(item)) {
      throw wrongType(`${key}/${index}`, item, 'integer');
    }
    return item;
  });
}

/** @throws GitHubError 422 unless the member is a list of strings of an allowed length */
export function texts(body: JsonObject, key: string, least: number, most: number): string[] {
  const value = body[key];
  if (!Array.isArray(value)) throw wrongType(key, value, 'array');
  if (value.length < least) {
    throw unprocessable(
      `Invalid property /${key}: ${least} item required; only ${value.length} were supplied`,
    );
  }
  if (value.length > most) {
    throw unprocessable(
      `Invalid property /${key}: no more than ${most} items are allowed; ${value.length} were supplied`,
    );
  }
  return value.map((item: unknown, index) => {
    if (typeof item !== 'string') throw wrongType(`${key}/${index}`, item, 'string');
    return item;
  });
}

const wrongType = (path: string, value: unknown, type: string) =>
  unprocessable(`Invalid property /${path}: \`${JSON.stringify(value)}\` is not of type \`${type}\``);

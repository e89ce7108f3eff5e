import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventMetadataSchema, type Fact, factSchemas } from '#libs/contracts';
import { versionOf } from '../event-codec.js';
import { examplesOf } from './examples-of-schema.js';

const FOLDER = join(import.meta.dirname, '../../../contracts/fixtures/facts');
const DIGESTS = 'SHA256SUMS';

/** One version of one type as it was recorded. */
export type Fixture = {
  type: string;
  version: number;
  examples: { data: unknown; metadata: { schemaVersion: number } }[];
};

/** Each type in all versions there have ever been. */
export const expectedFiles = (): string[] =>
  Object.keys(factSchemas).flatMap((type) =>
    Array.from({ length: versionOf(type) }, (_, index) => fileOf(type, index + 1)),
  );

export const fixtureFiles = (): string[] => readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

export const readFixture = (file: string): Fixture => JSON.parse(textOf(file)) as Fixture;

/** As in `SHA256SUMS`, which `sha256sum -c` can check. */
export const digestLine = (file: string): string =>
  `${createHash('sha256').update(textOf(file)).digest('hex')}  ${file}`;

export const committedDigests = (): string[] => textOf(DIGESTS).trimEnd().split('\n');

/** Makes the fixtures of new versions and adds their digests; what is there already stays as it is. */
export const addMissingFixtures = (): void => {
  const missing = Object.entries(factSchemas).filter(
    ([type]) => !existsSync(join(FOLDER, fileOf(type, versionOf(type)))),
  );
  for (const [type, schema] of missing) {
    const version = versionOf(type as Fact['type']);
    const [full, sparse] = examplesOf(eventMetadataSchema);
    const examples = examplesOf(schema).map((data, index) => ({
      data,
      metadata: { ...((index === 1 ? sparse : full) as object), schemaVersion: version },
    }));
    const text = `${JSON.stringify({ type, version, examples }, null, 2)}\n`;
    writeFileSync(join(FOLDER, fileOf(type, version)), text);
  }
  const lines = [
    ...committedDigests(),
    ...missing.map(([type]) => digestLine(fileOf(type, versionOf(type)))),
  ];
  writeFileSync(join(FOLDER, DIGESTS), `${lines.sort(byFile).join('\n')}\n`);
};

const fileOf = (type: string, version: number): string => `${type}.v${version}.json`;
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const byFile = (a: string, b: string): number => (a.slice(66) < b.slice(66) ? -1 : 1);

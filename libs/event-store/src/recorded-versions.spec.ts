import { describe, expect, it } from '@jest/globals';
import { factCodec, type StoredEvent, versionOf } from './event-codec.js';
import {
  addMissingFixtures,
  committedDigests,
  digestLine,
  expectedFiles,
  type Fixture,
  fixtureFiles,
  readFixture,
} from './testing/fact-fixtures.js';

if (process.env.ADD_FIXTURES) addMissingFixtures();

const stored = (type: string, { data, metadata }: Fixture['examples'][number]): StoredEvent => ({
  id: '00000000-0000-4000-8000-000000000001',
  type,
  data,
  metadata,
  stream: 'fixture-1',
  revision: 0n,
  position: 1n,
  recordedAt: new Date(0),
});

/** Missing ones are made by `npm run fixtures:facts`; docs/adr/0008 says when a new version is called for. */
describe('every version of every fact that was ever recorded', () => {
  it('has a fixture', () => {
    expect(fixtureFiles().sort()).toEqual(expectedFiles().sort());
  });

  it('is as it was: the fixtures have the digests in SHA256SUMS', () => {
    expect(fixtureFiles().map(digestLine).sort()).toEqual(committedDigests().sort());
  });

  it.each(fixtureFiles())('%s can be read today', (file) => {
    const { type, version, examples } = readFixture(file);
    expect(file).toBe(`${type}.v${version}.json`);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(example.metadata.schemaVersion).toBe(version);
      const fact = factCodec.decode(stored(type, example));
      // a field that the schema has lost would be left out in silence
      if (version === versionOf(type)) expect(fact.data).toEqual(example.data);
      expect(fact.metadata).toEqual(example.metadata);
      expect(factCodec.encode(fact).metadata.schemaVersion).toBe(versionOf(type));
    }
  });
});

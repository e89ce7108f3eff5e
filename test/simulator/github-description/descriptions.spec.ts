import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { readAnswered, readDescription, readWebhookDescription } from './description.js';
import { undescribedAnswers } from './undescribed.js';

const flavours = ['api.github.com', 'ghes-3.19'] as const;
const text = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');

describe.each([...flavours, 'webhooks'])('the description %s', (name) => {
  it('says where it comes from, and under which licence', () => {
    expect(JSON.parse(text(`${name}.json`)).origin).toMatchObject({
      package: expect.stringMatching(/^@octokit\//),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      integrity: expect.stringMatching(/^sha512-/),
      license: 'MIT',
    });
    expect(text('LICENSE')).toContain('Octokit contributors');
  });

  it('has nothing left that JSON Schema does not know', () => {
    const ajv = new Ajv({ strict: false, validateFormats: true });
    addFormats.default(ajv);
    const named = JSON.parse(text(`${name}.json`));
    const schemas = named.components?.schemas ?? named.definitions;
    const { components, definitions } = named;
    for (const schema of Object.values(schemas)) {
      // An unknown format makes `compile` throw.
      ajv.compile({ ...(schema as object), components, definitions });
    }
    expect(text(`${name}.json`)).not.toMatch(/"(nullable|example|examples|x-[\w-]+)":/);
  });
});

describe.each(flavours)('the description %s', (flavour) => {
  it('lets null be null', () => {
    const { components } = readDescription(flavour);
    const conclusion =
      (components.schemas.job?.properties as Record<string, object> | undefined)?.conclusion ?? {};
    const validate = new Ajv({ strict: false }).compile(conclusion);
    expect([null, 'success', 'unheard-of', 1].map((each) => validate(each))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('describes nothing that is exempt by name', () => {
    const { operations } = readDescription(flavour);
    const superfluous = undescribedAnswers.flatMap(({ status, operations: exempt }) =>
      exempt === '*' ? [] : exempt.filter((id) => operations[id]?.responses[status] !== undefined),
    );
    expect(superfluous).toEqual([]);
  });
});

it('has a schema for each action of the events that are sent', () => {
  const { definitions } = readWebhookDescription();
  for (const event of readAnswered().events) {
    expect(Object.keys(definitions).filter((name) => name.startsWith(`${event}$`))).not.toEqual([]);
  }
});

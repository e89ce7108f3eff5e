/**
 * Writes the descriptions beside it anew: `npm run simulator:refresh-descriptions`. What is taken over stands in
 * `answered.json`, which version of GitHub's descriptions here.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripOpenApi } from './strip-openapi.mjs';
import { stripWebhooks } from './strip-webhooks.mjs';

const openApi = '@octokit/openapi@23.0.2';
const webhooks = '@octokit/webhooks-schemas@7.6.1';
const flavours = ['api.github.com', 'ghes-3.19'];
/** The largest file by far has 13 MB. */
const longestFile = 64 * 1024 * 1024;

const here = import.meta.dirname;
const { operations, events } = JSON.parse(readFileSync(join(here, 'answered.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'github-descriptions-'));

try {
  const fromOpenApi = packageFiles(openApi);
  const described = new Set();
  for (const flavour of flavours) {
    const file = `generated/${flavour}.json`;
    const document = JSON.parse(fromOpenApi.read(file));
    const stripped = stripOpenApi(document, operations);
    for (const id of Object.keys(stripped.operations)) described.add(id);
    write(`${flavour}.json`, {
      origin: { ...fromOpenApi.origin, file, openapi: document.openapi },
      ...stripped,
    });
  }
  const unknown = operations.filter((id) => !described.has(id));
  if (unknown.length > 0) throw new Error(`not in any description: ${unknown.join(', ')}`);
  writeFileSync(join(here, 'LICENSE'), fromOpenApi.read('LICENSE'));

  const fromWebhooks = packageFiles(webhooks);
  const document = JSON.parse(fromWebhooks.read('schema.json'));
  write('webhooks.json', {
    origin: { ...fromWebhooks.origin, file: 'schema.json' },
    $schema: document.$schema,
    ...stripWebhooks(document, events),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Single files of a published package. The rest of it, hundreds of megabytes, is never unpacked. */
function packageFiles(specifier) {
  const text = execFileSync('npm', ['pack', specifier, '--json'], { cwd: folder, encoding: 'utf8' });
  const [{ name, version, filename, integrity }] = JSON.parse(text);
  const read = (file) =>
    execFileSync('tar', ['-xzOf', join(folder, filename), `package/${file}`], {
      encoding: 'utf8',
      maxBuffer: longestFile,
    });
  const { license, repository } = JSON.parse(read('package.json'));
  return { read, origin: { package: name, version, integrity, license, repository } };
}

/** One operation or schema to a line: small, and a new version of GitHub's description shows as a diff of those. */
function write(file, { components, ...document }) {
  const lines = (value, indent) => {
    const members = Object.entries(value).map(
      ([key, each]) => `${indent}  ${JSON.stringify(key)}: ${JSON.stringify(each)}`,
    );
    return `{\n${members.join(',\n')}\n${indent}}`;
  };
  const parts = Object.entries(document).map(([key, value]) => {
    const spread = key === 'operations' || key === 'definitions' || key === 'origin';
    return `  ${JSON.stringify(key)}: ${spread ? lines(value, '  ') : JSON.stringify(value)}`;
  });
  if (components) parts.push(`  "components": {\n    "schemas": ${lines(components.schemas, '    ')}\n  }`);
  writeFileSync(join(here, file), `{\n${parts.join(',\n')}\n}\n`);
}

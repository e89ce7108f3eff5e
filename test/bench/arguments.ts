import { parseArgs } from 'node:util';

export type Arguments = {
  /** Names of scenarios; empty = all. */
  chosen: readonly string[];
  /** Fewer samples and one round: for trying it out. */
  quick: boolean;
  profile: boolean;
  /** Where the figures go as JSON. */
  json: string | undefined;
  help: boolean;
};

/** @throws Error saying what is wrong */
export const readArguments = (args: readonly string[], known: readonly string[]): Arguments => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no scenario ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  }
  const { quick, profile, json, help } = values;
  return { chosen: positionals, quick, profile, json, help };
};

export const usage = (scenarios: readonly { name: string; title: string }[]): string =>
  [
    'npm run bench -- [scenario …] [--quick] [--profile] [--json FILE]',
    '',
    ...scenarios.map(({ name, title }) => `  ${name.padEnd(16)}${title}`),
    '',
    '  --quick         fewer samples and one round, to try it out',
    '  --profile       a CPU profile of each service process, and where its time went',
    '  --json FILE     the figures for machines; default data/bench/<time>.json',
  ].join('\n');

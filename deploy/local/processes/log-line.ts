const warning = 40;
const error = 50;

/**
 * A log line in a form for people, or undefined when it is no warning or error. Understands our JSON lines and
 * those of nats-server; anything else on stderr is shown as it is, but for the frames of a stack.
 */
export function noteworthy(line: string, from: 'stdout' | 'stderr'): string | undefined {
  const entry = parse(line);
  if (entry !== undefined) return entry.level >= warning ? `${word(entry.level)}: ${entry.text}` : undefined;
  const nats = /^\[\d+\] \S+ \S+ \[(\w{3})\] (.*)$/.exec(line);
  if (nats) return natsNote(nats[1] ?? '', nats[2] ?? '');
  return from === 'stderr' && !/^\s*(at .*|\^*)$/.test(line) ? line : undefined;
}

function natsNote(level: string, text: string): string | undefined {
  // Its passwords come from the environment, which it cannot tell from a file.
  if (!['WRN', 'ERR', 'FTL'].includes(level) || text.startsWith('Plaintext passwords detected')) return;
  return `${word(level === 'WRN' ? warning : error)}: ${text}`;
}

const word = (level: number) => (level >= error ? 'error' : 'warning');

function parse(line: string): { level: number; text: string } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, msg, context, err } = JSON.parse(line) as Record<string, unknown>;
    if (typeof level !== 'number') return undefined;
    const cause = (err as { message?: unknown } | undefined)?.message;
    const text = [msg, cause].filter((part) => typeof part === 'string' && part !== '');
    const distinct = [...new Set(text)].join(' – ') || 'see the log';
    return { level, text: typeof context === 'string' ? `[${context}] ${distinct}` : distinct };
  } catch {
    return undefined;
  }
}

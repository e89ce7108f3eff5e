/** An answer with its JSON body; an empty body is `{}`. */
export interface Answer {
  status: number;
  body: Readonly<Record<string, unknown>>;
}

const runnerVersion = '2.336.0';

const userAgent = `GitHubActionsRunner-${process.platform}-${process.arch}/${runnerVersion} (simulated)`;

/** No answer at all: refused, reset or timed out. */
export class Unreachable extends Error {}

/** @throws Unreachable */
export async function request(url: string | URL, init: RequestInit): Promise<Answer> {
  try {
    const headers = new Headers(init.headers);
    headers.set('user-agent', userAgent);
    const response = await fetch(url, { ...init, headers });
    const text = await response.text();
    return { status: response.status, body: text ? parsed(text) : {} };
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw new Unreachable(`${new URL(url).origin} does not answer`, { cause: error });
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Named by the session the runner opens. */
export const aboutThisRunner = {
  version: runnerVersion,
  osDescription:
    { linux: 'Linux', darwin: 'Darwin', win32: 'Microsoft Windows' }[process.platform as string] ?? 'Linux',
};

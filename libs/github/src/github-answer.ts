import type { Deadline } from './deadline.js';

/** Whatever GitHub answered, also with 304 and with 4xx and 5xx. */
export type GithubAnswer = {
  status: number;
  headers: Readonly<Record<string, string | number | undefined>>;
  data: unknown;
};

/** There was no answer. */
export class NoAnswer extends Error {
  constructor(
    readonly why: 'timeout' | 'network',
    /** The network's word: `ECONNRESET`. */
    readonly networkCode?: string,
    /** True when the request cannot have reached GitHub. */
    readonly neverSent = false,
  ) {
    super(`no answer: ${networkCode ?? why}`);
    this.name = 'NoAnswer';
  }
}

/** Octokit throws for 304 and from 400 up; here those are answers like others, and only silence is thrown. */
export const answerOf = async (
  response: Promise<GithubAnswer>,
  deadline: Deadline,
): Promise<GithubAnswer> => {
  const answer = await response.catch((error: unknown) => {
    const answered = hasResponse(error) ? error.response : undefined;
    if (answered) return answered;
    if (deadline.signal.aborted) throw new NoAnswer('timeout');
    throw networkFailure(error);
  });
  // Octokit hands on what it has of a body whose reading was aborted, as text.
  if (deadline.signal.aborted && answer.status !== 204 && typeof answer.data === 'string') {
    throw new NoAnswer('timeout');
  }
  return answer;
};

export const headerOf = ({ headers }: GithubAnswer, name: string): string | undefined =>
  headers[name] === undefined ? undefined : String(headers[name]);

/** A header that holds a whole number. */
export const numberIn = (answer: GithubAnswer, name: string): number | undefined => {
  const text = headerOf(answer, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};

/** GitHub's clock when it answered, else ours. Milliseconds since 1970. */
export const answeredAt = (answer: GithubAnswer, now: number): number => {
  const date = Date.parse(headerOf(answer, 'date') ?? '');
  return Number.isNaN(date) ? now : date;
};

/** GitHub's own explanation in an error body; `''` when there is none. */
export const explanationIn = ({ data }: GithubAnswer): string => {
  if (typeof data !== 'object' || data === null || !('message' in data)) return '';
  return typeof data.message === 'string' ? data.message : '';
};

const hasResponse = (error: unknown): error is { response?: GithubAnswer } =>
  typeof error === 'object' && error !== null && 'response' in error;

const networkFailure = (error: unknown): NoAnswer => {
  const failure = rootOf(error);
  return new NoAnswer('network', failure.code, neverSent(failure));
};

type NetworkError = { code?: string; syscall?: string; errors?: readonly unknown[] };

/** fetch wraps the socket's error, Octokit wraps fetch's. */
const rootOf = (error: unknown): NetworkError => {
  let root = error;
  while (hasCause(root)) root = root.cause;
  return typeof root === 'object' && root !== null ? root : {};
};

const hasCause = (error: unknown): error is { cause: object } =>
  typeof error === 'object' && error !== null && 'cause' in error && typeof error.cause === 'object';

const beforeSending = new Set(['UND_ERR_CONNECT_TIMEOUT', 'SELF_SIGNED_CERT_IN_CHAIN']);
const certificateRefused = /^(CERT_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_CERT_)/;

const neverSent = ({ code = '', syscall, errors }: NetworkError): boolean =>
  syscall === 'connect' ||
  syscall === 'getaddrinfo' ||
  beforeSending.has(code) ||
  certificateRefused.test(code) ||
  // several addresses were tried, none could be connected to
  (errors !== undefined && errors.length > 0 && errors.every((each) => neverSent(each as NetworkError)));

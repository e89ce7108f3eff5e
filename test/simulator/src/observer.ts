import type { toRunnerObject } from './github/runner.js';

/** One call of the REST API and its answer. */
export interface Exchange {
  /** GitHub's operation id. */
  operation: string;
  request: {
    method: string;
    /** Path and query, as they were asked. */
    path: string;
    /** Parts of the path by name. */
    params: Readonly<Record<string, string>>;
    /** Parsed JSON; undefined when nothing was sent. */
    body: unknown;
  };
  answer: {
    status: number;
    /** Names in lower case. */
    headers: Readonly<Record<string, string>>;
    /** Undefined for an empty answer. */
    body: unknown;
  };
}

/** One webhook, as it leaves. */
export interface SentHook {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A runner that the API was asked to delete, as it was right before. */
export interface Deletion {
  /** ISO-8601 UTC, on this machine's clock. */
  at: string;
  runner: ReturnType<typeof toRunnerObject>;
  /** How long it has been online, in milliseconds; null = it is offline. */
  onlineForMs: number | null;
}

/** Is told of everything that leaves the simulator in GitHub's name, secrets included. */
export interface Observer {
  answered(exchange: Exchange): void;
  sending(hook: SentHook): void;
  /** Comes before the answer, and also when that is lost. */
  deleted?(deletion: Deletion): void;
}

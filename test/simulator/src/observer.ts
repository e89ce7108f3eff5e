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

/** Is told of everything that leaves the simulator in GitHub's name, secrets included. */
export interface Observer {
  answered(exchange: Exchange): void;
  sending(hook: SentHook): void;
}

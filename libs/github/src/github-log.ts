/** What this library needs of a logger; pino's fits. */
export type GithubLog = {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

/** The same in the form Octokit asks for. */
export const octokitLog = (log: GithubLog) => ({
  debug: (message: string) => log.debug({}, message),
  info: (message: string) => log.debug({}, message),
  warn: (message: string) => log.warn({}, message),
  error: (message: string) => log.warn({}, message),
});

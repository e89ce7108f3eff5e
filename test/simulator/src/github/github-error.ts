/** An answer of GitHub that is not a success; the route's documentation address is added on the way out. */
export class GitHubError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: {
      errors?: string[];
      documentationUrl?: string;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(message);
  }
}

export const notFound = (): GitHubError => new GitHubError(404, 'Not Found');

export const unprocessable = (message: string): GitHubError => new GitHubError(422, message);

/** Also for tokens that were minted before the organisation suspended the App. */
export const suspended = (): GitHubError => new GitHubError(403, 'This installation has been suspended');

/** What a developer needs to try the system against the simulator. */
export interface DevelopmentAccess {
  readonly token: string;
  readonly admin_token: string;
  readonly issuer: string;
  readonly simulator_url: string;
  readonly webhook_secret: string;
}

const secondsOfValidity = 7 * 24 * 3600;

/** A token of the development issuer for the user with this subject. */
export async function mintToken(simulatorUrl: string, sub: string): Promise<string> {
  const answer = await fetch(`${simulatorUrl}/_simulator/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      sub,
      email: `${sub}@example.test`,
      name: sub.charAt(0).toUpperCase() + sub.slice(1),
      expires_in: secondsOfValidity,
    }),
  });
  const { access_token } = (await answer.json()) as { access_token?: unknown };
  if (typeof access_token === 'string') return access_token;
  throw new Error(`the simulator gave no token for ${sub} (status ${answer.status})`);
}

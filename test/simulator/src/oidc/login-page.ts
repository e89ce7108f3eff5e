import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';

/** Where a person signs in: any name will do, there is no password. */
export async function serveLogin(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(loginPage(String(params.login_hint ?? '')));
    return;
  }
  const login = new URLSearchParams(await bodyOf(request)).get('login')?.trim();
  const result = login
    ? { login: { accountId: login } }
    : { error: 'access_denied', error_description: `${prompt.name} was aborted` };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > 10_000) throw new Error('login form too long');
  }
  return body;
}

const loginPage = (hint: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 15vh auto; padding: 0 1rem }
  input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin-top: .5rem }
</style>
<h1>Sign in</h1>
<p>Development issuer: any name is accepted. A name with an @ is its own e-mail address.</p>
<form method="post">
  <input type="hidden" name="prompt" value="login">
  <label for="login">Name</label>
  <input id="login" name="login" value="${escaped(hint)}" required autofocus autocomplete="username">
  <button type="submit">Sign in</button>
</form>
</html>`;

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedRequest = {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
};

/** `silence` never answers, `reset` breaks the connection, `cut` breaks it within the answer's body. */
export type ScriptedAnswer =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | 'silence'
  | 'reset'
  | 'cut';

export type Script = (request: ReceivedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;

export type ScriptedGithub = {
  apiUrl: string;
  /** All requests, in order of arrival. */
  requests: ReceivedRequest[];
  /** How many requests went to a path that ends so. */
  countOf: (pathEnd: string) => number;
  /** TCP connections opened so far. */
  connections: () => number;
  close: () => Promise<void>;
};

/**
 * A server for specs that answers as the spec says, for what no well-behaved GitHub would do. Installation tokens
 * it issues by itself, unless the script answers (`undefined` leaves it to the server).
 */
export const startScriptedGithub = async (
  script: (request: ReceivedRequest) => ReturnType<Script> | undefined,
): Promise<ScriptedGithub> => {
  const requests: ReceivedRequest[] = [];
  let connections = 0;
  const server = createServer(async (incoming, response) => {
    const request = await received(incoming);
    requests.push(request);
    const answer = (await script(request)) ?? ordinary(request);
    await send(answer, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    countOf: (pathEnd) => requests.filter(({ path }) => path.endsWith(pathEnd)).length,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

let tokensIssued = 0;

const ordinary = ({ path }: ReceivedRequest): ScriptedAnswer => {
  if (!path.endsWith('/access_tokens')) return { status: 404, body: { message: 'Not Found' } };
  tokensIssued += 1;
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { status: 201, body: { token: `ghs_scripted${tokensIssued}`, expires_at: expiresAt } };
};

const received = async (incoming: IncomingMessage): Promise<ReceivedRequest> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString(),
  };
};

const send = async (answer: ScriptedAnswer, response: ServerResponse): Promise<void> => {
  if (answer === 'silence') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer === 'cut') {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write('{"runner": {"id": 1', () => response.socket?.resetAndDestroy());
    return;
  }
  const { status, headers = {}, body } = answer;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined || status === 304 ? undefined : JSON.stringify(body));
};

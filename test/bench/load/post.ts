import { Agent, request } from 'node:http';

/** Connections that are kept open, so many at most. */
export const connections = (count: number): Agent => new Agent({ keepAlive: true, maxSockets: count });

/** Sends a body and reads the answer to its end; resolves with the status. */
export const post = (
  url: string,
  { headers, body }: { headers: Record<string, string>; body: Buffer },
  agent: Agent,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
      response.resume();
    });
    sent.once('error', reject);
    sent.end(body);
  });

import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PostAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** As much of an answer as the delivery log keeps. */
const longestAnswer = 64 * 1024;

/** POSTs exactly these headers and bytes; rejects when there is no whole answer within the time. */
export const post = (
  url: string,
  headers: Record<string, string>,
  body: Buffer,
  options: { timeoutMs: number; checkCertificate: boolean },
): Promise<PostAnswer> =>
  new Promise((resolve, reject) => {
    const target = new URL(url);
    const settings = {
      method: 'POST',
      // A connection of its own: one kept open may be closed by the receiver just when it is used.
      agent: false as const,
      headers: { ...headers, 'Content-Length': String(body.length) },
      signal: AbortSignal.timeout(options.timeoutMs),
    };
    const answered = (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        if (length < longestAnswer) chunks.push(chunk);
        length += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          statusCode: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: Buffer.concat(chunks).toString('utf8').slice(0, longestAnswer),
        }),
      );
    };
    const request: ClientRequest =
      target.protocol === 'https:'
        ? httpsRequest(target, { ...settings, rejectUnauthorized: options.checkCertificate }, answered)
        : httpRequest(target, settings, answered);
    request.on('error', reject);
    request.end(body);
  });

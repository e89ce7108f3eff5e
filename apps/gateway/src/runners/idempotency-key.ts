import type { FastifyRequest } from 'fastify';
import { requestInvalid } from '../http/request.pipe.js';

const PRINTABLE = /^[\x20-\x7e]{1,128}$/;

/** The caller's word that two requests are one: `Idempotency-Key`, on both ways to provision. */
export const idempotencyKeyOf = ({ headers }: FastifyRequest): string | undefined => {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && PRINTABLE.test(key)) return key;
  const message = 'must be 1 to 128 printable ASCII characters';
  throw requestInvalid([{ field: 'Idempotency-Key', message }]);
};

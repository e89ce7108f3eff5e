import { Problem } from '#libs/contracts';

const DIGITS = /^\d{1,19}$/;

/**
 * The log position a reader has got to, as it came in an event; undefined for a reader who begins.
 * @throws Problem request-invalid
 */
export const readLastEventId = (header: string | undefined): bigint | undefined => {
  if (header === undefined) return undefined;
  if (!DIGITS.test(header)) throw lastEventIdInvalid('must be a log position: decimal digits');
  return BigInt(header);
};

export const lastEventIdInvalid = (message: string) =>
  new Problem('request-invalid', 'Send the id of the last event you got as Last-Event-ID, or none.', {
    members: { errors: [{ field: 'Last-Event-ID', message }] },
  });

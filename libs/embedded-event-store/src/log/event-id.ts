import { randomUUID } from 'node:crypto';

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The 16 bytes of a UUID text, or undefined when it is none. */
export const parseEventId = (text: string): Uint8Array | undefined =>
  UUID_TEXT.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;

export const formatEventId = (id: Uint8Array): string => {
  const hex = Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

export const newEventId = (): Uint8Array => Buffer.from(randomUUID().replaceAll('-', ''), 'hex');

export const sameEventId = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

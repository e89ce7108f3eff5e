import { createHash } from 'node:crypto';

/** Hex. What a secret leaves behind, so that a leak can be traced. */
export const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');

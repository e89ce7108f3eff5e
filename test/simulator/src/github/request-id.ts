import { randomBytes } from 'node:crypto';

/** As GitHub writes it: five groups of hexadecimal digits, the last of which is the time. */
export function requestId(nowSeconds: number): string {
  const group = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
  const time = nowSeconds.toString(16).toUpperCase().padStart(8, '0');
  return [group(2), group(3), group(3), group(3), time].join(':');
}

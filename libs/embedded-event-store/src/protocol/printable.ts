/**
 * Text for a gRPC trailer, which holds printable ASCII only: everything else is percent-encoded, and so is the
 * percent sign, to be told apart.
 */
export const printable = (text: string): string =>
  PRINTABLE.test(text) ? text : text.replace(UNPRINTABLE, encode);

const PRINTABLE = /^[ -$&-~]*$/;
const UNPRINTABLE = /[^ -$&-~]+/gu;

const encode = (text: string): string =>
  Buffer.from(text).reduce(
    (encoded, byte) => `${encoded}%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    '',
  );

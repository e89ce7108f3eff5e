const IOERR = 10;
const CORRUPT = 11;
const NOTADB = 26;

/**
 * Whether a failed write leaves open what is on disk: after an input/output error the operating system may have
 * dropped what it could not write, and a later sync would not tell. Only a new start, which replays the journal,
 * gives certainty. A full disk, in contrast, is harmless: the transaction never happened.
 *
 * @see https://www.sqlite.org/rescode.html the lowest byte is the result code, the others refine it
 */
export const leavesFileInDoubt = (error: unknown): boolean => {
  const code = resultCode(error);
  return code === IOERR || code === CORRUPT || code === NOTADB;
};

const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;

/** The claims of a token: what its issuer says about its bearer. */
export type Claims = Readonly<Record<string, unknown>>;

/** A token taken apart; whether it is right is another question. Empty parts for what is no JWT. */
export const unverifiedToken = (token: string): { header: Claims; claims: Claims } => {
  const [header = '', payload = ''] = token.split('.');
  return { header: objectIn(header), claims: objectIn(payload) };
};

const objectIn = (part: string): Claims => {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof decoded === 'object' && decoded !== null ? (decoded as Claims) : {};
  } catch {
    return {};
  }
};

const MAX_CLAIMS = 64;
const MAX_BYTES = 8 * 1024;

/**
 * What travels on with the caller: claims that are texts, numbers, truth values or lists of them, at most 64 and
 * 8 KiB of JSON. The longest are left out first: a long list of groups does not push out the name of a repository.
 * What is left out can only close doors, because a claim that is not there fulfils no condition.
 */
export const boundedClaims = (claims: Claims): Record<string, unknown> => {
  const bySize = Object.entries(claims)
    .filter(([, value]) => isPlain(value) || (Array.isArray(value) && value.every(isPlain)))
    .map(([name, value]) => ({ name, value, bytes: Buffer.byteLength(JSON.stringify({ [name]: value })) }))
    .sort((one, other) => one.bytes - other.bytes)
    .slice(0, MAX_CLAIMS);
  let bytes = 0;
  const kept = bySize.filter((claim) => {
    bytes += claim.bytes;
    return bytes <= MAX_BYTES;
  });
  return Object.fromEntries(kept.map(({ name, value }) => [name, value]));
};

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);

/** Nothing a name is made of, and not storable everywhere. */
const CONTROL = /\p{Cc}|\p{Cs}/u;
const MAX_NAME = 1024;

/** A claim that can name somebody. */
export const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MAX_NAME && !CONTROL.test(value)
    ? value
    : undefined;

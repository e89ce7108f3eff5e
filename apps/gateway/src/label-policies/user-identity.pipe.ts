import type { PipeTransform } from '@nestjs/common';
import { Problem, userIdentity } from '#libs/contracts';

/** An e-mail, `issuer|subject` or user id, url-encoded in the path; what cannot be one has no policy. */
export const userIdentityPipe: PipeTransform<string, string> = {
  transform: (text) => {
    const identity = userIdentity.safeParse(text);
    if (identity.success && !/\p{Cc}/u.test(text) && text.isWellFormed()) return identity.data;
    throw new Problem('label-policy-unknown', 'Nobody is called that. Look the policy up in the list.');
  },
};

import type { Permissions } from './permissions.js';
import type { RegistrationTokenPurpose } from './registration-tokens.js';

/** Who may call: the App with its JWT, its installation with a token, a runner being registered, anybody. */
export type Access = 'app' | 'installation' | 'registration' | 'installation-or-registration' | 'anybody';

/** Who called. */
export type Caller =
  | { kind: 'app' }
  | { kind: 'installation'; token: string; permissions: Permissions }
  | { kind: 'registration'; purpose: RegistrationTokenPurpose }
  | { kind: 'nobody' };

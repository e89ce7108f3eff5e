import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class RegisterIdentityProvider extends AskedCommand<Subjects['registerIdentityProvider']> {}
export class ChangeIdentityProvider extends AskedCommand<Subjects['changeIdentityProvider']> {}
export class RemoveIdentityProvider extends AskedCommand<Subjects['removeIdentityProvider']> {}
export class GetIdentityProvider extends AskedQuery<Subjects['getIdentityProvider']> {}
export class ListIdentityProviders extends AskedQuery<Subjects['listIdentityProviders']> {}
export class AskTrustedIssuers extends AskedQuery<Subjects['trustedIssuers']> {}

import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class CreateTrustRule extends AskedCommand<Subjects['createTrustRule']> {}
export class ChangeTrustRule extends AskedCommand<Subjects['changeTrustRule']> {}
export class RemoveTrustRule extends AskedCommand<Subjects['removeTrustRule']> {}
export class TestTrustRule extends AskedQuery<Subjects['testTrustRule']> {}
export class GetTrustRule extends AskedQuery<Subjects['getTrustRule']> {}
export class ListTrustRules extends AskedQuery<Subjects['listTrustRules']> {}

import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class RunBatch extends AskedCommand<Subjects['runBatch']> {}
export class GetOperation extends AskedQuery<Subjects['getOperation']> {}

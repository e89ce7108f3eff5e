import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class TriggerSync extends AskedCommand<Subjects['triggerSync']> {}

export class GetSyncStatus extends AskedQuery<Subjects['syncStatus']> {}

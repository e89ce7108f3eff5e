import type { subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class DescribeCaller extends AskedQuery<Subjects['describeCaller']> {}
export class OwnLabelPolicies extends AskedQuery<Subjects['ownLabelPolicies']> {}

import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class SetLabelPolicy extends AskedCommand<Subjects['setLabelPolicy']> {}
export class RemoveLabelPolicy extends AskedCommand<Subjects['removeLabelPolicy']> {}
export class GetLabelPolicy extends AskedQuery<Subjects['getLabelPolicy']> {}
export class ListLabelPolicies extends AskedQuery<Subjects['listLabelPolicies']> {}

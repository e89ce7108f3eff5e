import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class ProvisionRunner extends AskedCommand<Subjects['provisionRunner']> {}
export class DeprovisionRunner extends AskedCommand<Subjects['deprovisionRunner']> {}
export class RefreshRunner extends AskedCommand<Subjects['refreshRunner']> {}
export class RenewRegistrationToken extends AskedCommand<Subjects['renewRegistrationToken']> {}
export class AbandonRunner extends AskedCommand<Subjects['abandonRunner']> {}
export class RecordObservation extends AskedCommand<Subjects['recordObservation']> {}
export class RecordWorkflowJob extends AskedCommand<Subjects['recordWorkflowJob']> {}
export class SettleRunner extends AskedCommand<Subjects['settleRunner']> {}
export class CheckProvisioning extends AskedQuery<Subjects['checkProvisioning']> {}

import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class RegisterMachineClient extends AskedCommand<Subjects['registerMachineClient']> {}
export class ChangeMachineClient extends AskedCommand<Subjects['changeMachineClient']> {}
export class RemoveMachineClient extends AskedCommand<Subjects['removeMachineClient']> {}
export class GetMachineClient extends AskedQuery<Subjects['getMachineClient']> {}
export class ListMachineClients extends AskedQuery<Subjects['listMachineClients']> {}

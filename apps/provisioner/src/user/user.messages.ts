import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class CreateUser extends AskedCommand<Subjects['createUser']> {}
export class ChangeUser extends AskedCommand<Subjects['changeUser']> {}
export class DeactivateUser extends AskedCommand<Subjects['deactivateUser']> {}
export class ActivateUser extends AskedCommand<Subjects['activateUser']> {}
export class GetUser extends AskedQuery<Subjects['getUser']> {}
export class ListUsers extends AskedQuery<Subjects['listUsers']> {}

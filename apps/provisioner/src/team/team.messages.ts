import type { subjects } from '#libs/contracts';
import { AskedCommand, AskedQuery } from '#libs/messaging';

type Subjects = typeof subjects;

export class CreateTeam extends AskedCommand<Subjects['createTeam']> {}
export class ChangeTeam extends AskedCommand<Subjects['changeTeam']> {}
export class DeactivateTeam extends AskedCommand<Subjects['deactivateTeam']> {}
export class ReactivateTeam extends AskedCommand<Subjects['reactivateTeam']> {}
export class AddTeamMember extends AskedCommand<Subjects['addTeamMember']> {}
export class RemoveTeamMember extends AskedCommand<Subjects['removeTeamMember']> {}
export class GetTeam extends AskedQuery<Subjects['getTeam']> {}
export class ListTeams extends AskedQuery<Subjects['listTeams']> {}
export class ListTeamMembers extends AskedQuery<Subjects['listTeamMembers']> {}

import { AddTeamMemberHandler } from './add-team-member.handler.js';
import { ChangeTeamHandler } from './change-team.handler.js';
import { CreateTeamHandler } from './create-team.handler.js';
import { DeactivateTeamHandler } from './deactivate-team.handler.js';
import { GetTeamHandler } from './get-team.query.js';
import { ListTeamMembersHandler } from './list-team-members.query.js';
import { ListTeamsHandler } from './list-teams.query.js';
import { ReactivateTeamHandler } from './reactivate-team.handler.js';
import { RemoveTeamMemberHandler } from './remove-team-member.handler.js';
import { Teams } from './teams.js';

export const teamParts = [
  Teams,
  CreateTeamHandler,
  ChangeTeamHandler,
  DeactivateTeamHandler,
  ReactivateTeamHandler,
  AddTeamMemberHandler,
  RemoveTeamMemberHandler,
  GetTeamHandler,
  ListTeamsHandler,
  ListTeamMembersHandler,
];

import { ActivateUserHandler } from './activate-user.handler.js';
import { ChangeUserHandler } from './change-user.handler.js';
import { CreateUserHandler } from './create-user.handler.js';
import { DeactivateUserHandler } from './deactivate-user.handler.js';
import { GetUserHandler } from './get-user.query.js';
import { ListUsersHandler } from './list-users.query.js';
import { Users } from './users.js';

export const userParts = [
  Users,
  CreateUserHandler,
  ChangeUserHandler,
  DeactivateUserHandler,
  ActivateUserHandler,
  GetUserHandler,
  ListUsersHandler,
];

import { type Decision, type UserEvent, userEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type UserState = { status: 'unknown' } | { status: 'active'; identities: ReadonlySet<string> };

type DataOf<Type extends UserEvent['type']> = Extract<UserEvent, { type: Type }>['data'];
export type CreateUser = { type: 'CreateUser' } & DataOf<'UserCreated'>;
export type BindIdentity = { type: 'BindIdentity' } & DataOf<'UserIdentityBound'>;
export type UserCommand = CreateUser | BindIdentity;

const identityKey = ({ issuer, subject }: { issuer: string; subject: string }) => `${issuer}|${subject}`;

const createUser = ({ type: _, ...user }: CreateUser, state: UserState): Decision<UserEvent> =>
  state.status === 'unknown' ? [userEvent('UserCreated')(user)] : [];

const bindIdentity = ({ type: _, ...bound }: BindIdentity, state: UserState): Decision<UserEvent> =>
  state.status === 'active' && !state.identities.has(identityKey(bound))
    ? [userEvent('UserIdentityBound')(bound)]
    : [];

/** A user and the identities (issuer + subject) that are this user. */
export const userDecider: Decider<UserCommand, UserState, UserEvent> = {
  initial: { status: 'unknown' },
  decide: (command, state) => {
    switch (command.type) {
      case 'CreateUser':
        return createUser(command, state);
      case 'BindIdentity':
        return bindIdentity(command, state);
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'UserCreated':
        return { status: 'active', identities: new Set() };
      case 'UserIdentityBound':
        return state.status === 'active'
          ? { ...state, identities: new Set(state.identities).add(identityKey(event.data)) }
          : state;
    }
  },
};

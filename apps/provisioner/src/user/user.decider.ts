import { type Decision, type Refusal, refused, type UserEvent, userEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type KnownUser = {
  status: 'active' | 'inactive';
  email: string | undefined;
  displayName: string | undefined;
  isAdmin: boolean;
  canUseJit: boolean;
  canUseRegistrationToken: boolean;
  /** `issuer|subject` */
  identities: ReadonlySet<string>;
  lastLoginAt: string | undefined;
};
export type UserState = { status: 'unknown' } | KnownUser;

type DataOf<Type extends UserEvent['type']> = Extract<UserEvent, { type: Type }>['data'];
export type CreateUser = { type: 'CreateUser' } & DataOf<'UserCreated'>;
export type BindIdentity = {
  type: 'BindIdentity';
  userId: string;
  issuer: string;
  subject: string;
  /** The e-mail that named the user; it does so only while it is theirs, and until the first login. */
  byEmail: string | undefined;
  at: string;
};
/** Absent = keep, null = clear. */
export type ChangeUser = {
  type: 'ChangeUser';
  userId: string;
  email?: string | null | undefined;
  displayName?: string | null | undefined;
  isAdmin?: boolean | undefined;
  canUseJit?: boolean | undefined;
  canUseRegistrationToken?: boolean | undefined;
  at: string;
};
export type DeactivateUser = { type: 'DeactivateUser'; userId: string; reason: string; at: string };
export type ActivateUser = { type: 'ActivateUser'; userId: string; at: string };
export type RecordLogin = { type: 'RecordLogin'; userId: string; at: string };
export type UserCommand =
  | CreateUser
  | BindIdentity
  | ChangeUser
  | DeactivateUser
  | ActivateUser
  | RecordLogin;

/** Logins are told apart by the hour. */
const LOGIN_GRANULARITY_MS = 3_600_000;

const bindIdentity = (
  { userId, issuer, subject, byEmail, at }: BindIdentity,
  user: KnownUser,
): Decision<UserEvent> => {
  if (user.identities.has(`${issuer}|${subject}`)) return [];
  const refusal = byEmail === undefined ? undefined : notNamedBy(byEmail, user);
  if (refusal) return refusal;
  return [userEvent('UserIdentityBound')({ userId, issuer, subject, boundAt: at })];
};

const notNamedBy = (byEmail: string, { status, email, identities }: KnownUser): Refusal | undefined => {
  if (identities.size > 0) {
    return refused(
      'user-not-authorized',
      'The user of this e-mail signs in with another identity. Ask an administrator.',
    );
  }
  if (email?.toLowerCase() !== byEmail.toLowerCase())
    return refused('user-not-authorized', 'This e-mail has ceased to name a user. Ask an administrator.');
  return status === 'active'
    ? undefined
    : refused(
        'user-deactivated',
        'Your account has been deactivated. Ask an administrator to activate it again.',
      );
};

const changeUser = ({ userId, at, ...wanted }: ChangeUser, user: KnownUser): Decision<UserEvent> => {
  const { email, displayName, isAdmin = user.isAdmin } = wanted;
  const { canUseJit = user.canUseJit, canUseRegistrationToken = user.canUseRegistrationToken } = wanted;
  const permissionsChange =
    canUseJit !== user.canUseJit || canUseRegistrationToken !== user.canUseRegistrationToken;
  const changes: (UserEvent | false)[] = [
    email !== undefined &&
      (email ?? undefined) !== user.email &&
      userEvent('UserEmailSet')({ userId, setAt: at, ...(email === null ? {} : { email }) }),
    displayName !== undefined &&
      (displayName ?? undefined) !== user.displayName &&
      userEvent('UserDisplayNameSet')({
        userId,
        setAt: at,
        ...(displayName === null ? {} : { displayName }),
      }),
    permissionsChange &&
      userEvent('UserPermissionsSet')({ userId, canUseJit, canUseRegistrationToken, setAt: at }),
    isAdmin && !user.isAdmin && userEvent('UserBecameAdmin')({ userId, becameAdminAt: at }),
    !isAdmin && user.isAdmin && userEvent('UserCeasedToBeAdmin')({ userId, ceasedAt: at }),
  ];
  return changes.filter((change) => change !== false);
};

const deactivate = ({ userId, reason, at }: DeactivateUser, { status }: KnownUser): Decision<UserEvent> =>
  status === 'active'
    ? [userEvent('UserDeactivated')({ userId, reason, deactivatedAt: at })]
    : refused('already-inactive', 'The user has been deactivated already.');

const activate = ({ userId, at }: ActivateUser, { status }: KnownUser): Decision<UserEvent> =>
  status === 'inactive'
    ? [userEvent('UserActivated')({ userId, activatedAt: at })]
    : refused('already-active', 'The user is active.');

const recordLogin = ({ userId, at }: RecordLogin, { lastLoginAt }: KnownUser): Decision<UserEvent> => {
  const recent = lastLoginAt !== undefined && Date.parse(at) - Date.parse(lastLoginAt) < LOGIN_GRANULARITY_MS;
  return recent ? [] : [userEvent('UserLoggedIn')({ userId, loggedInAt: at })];
};

/** A user, what is open to them, and the identities (issuer + subject) that are this user. */
export const userDecider: Decider<UserCommand, UserState, UserEvent> = {
  initial: { status: 'unknown' },
  decide: (command, user) => {
    if (command.type === 'CreateUser') {
      const { type: _, ...created } = command;
      return user.status === 'unknown' ? [userEvent('UserCreated')(created)] : [];
    }
    if (user.status === 'unknown') return refused('user-unknown', 'There is no such user.');
    switch (command.type) {
      case 'BindIdentity':
        return bindIdentity(command, user);
      case 'ChangeUser':
        return changeUser(command, user);
      case 'DeactivateUser':
        return deactivate(command, user);
      case 'ActivateUser':
        return activate(command, user);
      case 'RecordLogin':
        return recordLogin(command, user);
    }
  },
  evolve: (user, event) => {
    if (event.type === 'UserCreated') return newUser(event.data);
    if (user.status === 'unknown') return user;
    switch (event.type) {
      case 'UserIdentityBound': {
        const { issuer, subject } = event.data;
        return { ...user, identities: new Set(user.identities).add(`${issuer}|${subject}`) };
      }
      case 'UserEmailSet':
        return { ...user, email: event.data.email };
      case 'UserDisplayNameSet':
        return { ...user, displayName: event.data.displayName };
      case 'UserPermissionsSet': {
        const { canUseJit, canUseRegistrationToken } = event.data;
        return { ...user, canUseJit, canUseRegistrationToken };
      }
      case 'UserBecameAdmin':
        return { ...user, isAdmin: true };
      case 'UserCeasedToBeAdmin':
        return { ...user, isAdmin: false };
      case 'UserDeactivated':
        return { ...user, status: 'inactive' };
      case 'UserActivated':
        return { ...user, status: 'active' };
      case 'UserLoggedIn':
        return { ...user, lastLoginAt: event.data.loggedInAt };
    }
  },
};

/** A user after what the log tells of them; the codec has checked that it is about users. */
export const userAfter = (history: readonly { type: string; data: unknown }[]): UserState =>
  (history as readonly UserEvent[]).reduce(userDecider.evolve, userDecider.initial);

const newUser = (data: DataOf<'UserCreated'>): KnownUser => ({
  status: 'active',
  email: data.email,
  displayName: data.displayName,
  isAdmin: data.isAdmin,
  canUseJit: data.canUseJit,
  canUseRegistrationToken: data.canUseRegistrationToken,
  identities: new Set(),
  lastLoginAt: undefined,
});

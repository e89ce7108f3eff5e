import { describe, it } from '@jest/globals';
import { type UserEvent, userEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { type BindIdentity, type ChangeUser, userDecider } from './user.decider.js';

const ADA = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a01';
const AT = '2026-03-01T10:00:00.000Z';
const LATER = '2026-03-01T10:59:59.000Z';
const AN_HOUR_LATER = '2026-03-01T11:00:00.000Z';
const ISSUER = 'https://auth.example.com';

const created = userEvent('UserCreated')({
  userId: ADA,
  email: 'ada@example.com',
  isAdmin: false,
  canUseJit: true,
  canUseRegistrationToken: false,
  createdAt: AT,
});
const MAIL = 'Ada@Example.com';
const emailSet = (email: string) => userEvent('UserEmailSet')({ userId: ADA, email, setAt: AT });
const bound = (subject: string) =>
  userEvent('UserIdentityBound')({ userId: ADA, issuer: ISSUER, subject, boundAt: AT });
const deactivated = userEvent('UserDeactivated')({
  userId: ADA,
  reason: 'left the company',
  deactivatedAt: AT,
});
const loggedIn = (loggedInAt: string) => userEvent('UserLoggedIn')({ userId: ADA, loggedInAt });

const user = (...facts: readonly UserEvent[]) => given(userDecider, created, ...facts);
const bind = (subject: string, byEmail?: string) =>
  ({ type: 'BindIdentity', userId: ADA, issuer: ISSUER, subject, byEmail, at: AT }) satisfies BindIdentity;
const change = (wanted: Omit<ChangeUser, 'type' | 'userId' | 'at'>) =>
  ({ type: 'ChangeUser', userId: ADA, at: AT, ...wanted }) as const;
const deactivate = { type: 'DeactivateUser', userId: ADA, reason: 'left the company', at: AT } as const;
const activate = { type: 'ActivateUser', userId: ADA, at: AT } as const;
const login = (at: string) => ({ type: 'RecordLogin', userId: ADA, at }) as const;

describe('a user', () => {
  it('is created once', () =>
    user()
      .when({ type: 'CreateUser', ...created.data })
      .thenNothing());
  it('has to exist before anything else', () =>
    given(userDecider).when(deactivate).thenRefused('user-unknown'));

  it('is bound to an identity at the first login', () =>
    user().when(bind('ada', MAIL)).thenRecorded(bound('ada')));
  it('is bound to it once', () => user(bound('ada')).when(bind('ada', MAIL)).thenNothing());
  it('is not taken over by another identity with the same e-mail', () =>
    user(bound('ada')).when(bind('mallory', MAIL)).thenRefused('user-not-authorized'));
  it('is not who an e-mail names that is theirs no more', () =>
    user(emailSet('ada@new.example.com')).when(bind('ada', MAIL)).thenRefused('user-not-authorized'));
  it('does not sign in for the first time once deactivated', () =>
    user(deactivated).when(bind('ada', MAIL)).thenRefused('user-deactivated'));
  it('may be given a second identity by an administrator', () =>
    user(bound('ada')).when(bind('ada-2')).thenRecorded(bound('ada-2')));

  it('is changed fact by fact, and only where something changes', () =>
    user()
      .when(
        change({
          email: 'ada@example.com',
          displayName: 'Ada',
          canUseRegistrationToken: true,
          isAdmin: true,
        }),
      )
      .thenRecorded(
        userEvent('UserDisplayNameSet')({ userId: ADA, displayName: 'Ada', setAt: AT }),
        userEvent('UserPermissionsSet')({
          userId: ADA,
          canUseJit: true,
          canUseRegistrationToken: true,
          setAt: AT,
        }),
        userEvent('UserBecameAdmin')({ userId: ADA, becameAdminAt: AT }),
      ));
  it('loses what is cleared', () =>
    user()
      .when(change({ email: null }))
      .thenRecorded(userEvent('UserEmailSet')({ userId: ADA, setAt: AT })));
  it('ceases to be an administrator', () =>
    user(userEvent('UserBecameAdmin')({ userId: ADA, becameAdminAt: AT }))
      .when(change({ isAdmin: false }))
      .thenRecorded(userEvent('UserCeasedToBeAdmin')({ userId: ADA, ceasedAt: AT })));

  it('is deactivated with a reason', () => user().when(deactivate).thenRecorded(deactivated));
  it('is deactivated once', () => user(deactivated).when(deactivate).thenRefused('already-inactive'));
  it('is activated again', () =>
    user(deactivated)
      .when(activate)
      .thenRecorded(userEvent('UserActivated')({ userId: ADA, activatedAt: AT })));
  it('is not activated while active', () => user().when(activate).thenRefused('already-active'));

  it('has its logins recorded', () => user().when(login(AT)).thenRecorded(loggedIn(AT)));
  it('has them recorded once an hour', () => user(loggedIn(AT)).when(login(LATER)).thenNothing());
  it('has them recorded in the next hour again', () =>
    user(loggedIn(AT)).when(login(AN_HOUR_LATER)).thenRecorded(loggedIn(AN_HOUR_LATER)));
});

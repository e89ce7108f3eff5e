import {
  type Decision,
  type IdentityProviderEvent,
  type IdentityProviderSettings,
  identityProviderEvent,
  refused,
} from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type KnownIdentityProvider = {
  status: 'active' | 'inactive';
  issuer: string;
  settings: IdentityProviderSettings;
};
export type IdentityProviderState = { status: 'unknown' } | { status: 'removed' } | KnownIdentityProvider;

type ClaimsPatch = { [Name in keyof IdentityProviderSettings['claims']]?: string | null | undefined };
type GivenSettings = Omit<IdentityProviderSettings, 'jwksUrl' | 'claims'> & {
  jwksUrl?: string | undefined;
  claims: ClaimsPatch;
};

export type RegisterIdentityProvider = {
  type: 'RegisterIdentityProvider';
  identityProviderId: string;
  issuer: string;
  settings: GivenSettings;
  at: string;
};
/** Absent = keep, null = clear. */
export type ChangeIdentityProvider = {
  type: 'ChangeIdentityProvider';
  identityProviderId: string;
  name?: string | undefined;
  audiences?: string[] | undefined;
  jwksUrl?: string | null | undefined;
  algorithms?: string[] | undefined;
  emailDomains?: string[] | null | undefined;
  claims?: ClaimsPatch | null | undefined;
  isActive?: boolean | undefined;
  at: string;
};
export type RemoveIdentityProvider = {
  type: 'RemoveIdentityProvider';
  identityProviderId: string;
  at: string;
};
export type IdentityProviderCommand =
  | RegisterIdentityProvider
  | ChangeIdentityProvider
  | RemoveIdentityProvider;

const change = (
  { identityProviderId, at, isActive, ...patch }: ChangeIdentityProvider,
  { status, settings }: KnownIdentityProvider,
): Decision<IdentityProviderEvent> => {
  const wanted = settingsAfter(patch, settings);
  const becomesActive = isActive === true && status === 'inactive';
  const becomesInactive = isActive === false && status === 'active';
  const changes: (IdentityProviderEvent | false)[] = [
    JSON.stringify(wanted) !== JSON.stringify(settings) &&
      identityProviderEvent('IdentityProviderConfigured')({
        ...wanted,
        identityProviderId,
        configuredAt: at,
      }),
    becomesActive &&
      identityProviderEvent('IdentityProviderActivated')({ identityProviderId, activatedAt: at }),
    becomesInactive &&
      identityProviderEvent('IdentityProviderDeactivated')({ identityProviderId, deactivatedAt: at }),
  ];
  return changes.filter((each) => each !== false);
};

/** RFC 7396: a merge goes into the object `claims`, and replaces lists. */
const settingsAfter = (
  patch: Omit<ChangeIdentityProvider, 'type' | 'identityProviderId' | 'at' | 'isActive'>,
  settings: IdentityProviderSettings,
): IdentityProviderSettings =>
  normal({
    name: patch.name ?? settings.name,
    audiences: patch.audiences ?? settings.audiences,
    jwksUrl: patch.jwksUrl === undefined ? settings.jwksUrl : (patch.jwksUrl ?? undefined),
    algorithms: patch.algorithms ?? settings.algorithms,
    emailDomains: patch.emailDomains === null ? [] : (patch.emailDomains ?? settings.emailDomains),
    claims: patch.claims === null ? {} : { ...settings.claims, ...definedIn(patch.claims ?? {}) },
  });

/** One way to write the same settings: no repeats, nothing that is not there, always in the same order. */
const normal = (settings: GivenSettings): IdentityProviderSettings => {
  const { name, audiences, jwksUrl, algorithms, emailDomains } = settings;
  const { clientId, groups, email } = settings.claims;
  return {
    name,
    audiences: [...new Set(audiences)],
    ...(jwksUrl === undefined ? {} : { jwksUrl }),
    algorithms: [...new Set(algorithms)],
    emailDomains: [...new Set(emailDomains)],
    claims: {
      ...(clientId ? { clientId } : {}),
      ...(groups ? { groups } : {}),
      ...(email ? { email } : {}),
    },
  };
};

const definedIn = (claims: ClaimsPatch): ClaimsPatch =>
  Object.fromEntries(Object.entries(claims).filter(([, name]) => name !== undefined));

const unknown = () =>
  refused(
    'identity-provider-unknown',
    'There is no such identity provider. GET /api/v1/admin/identity-providers lists all.',
  );

/** An issuer whose tokens are trusted, and how they are checked and read. */
export const identityProviderDecider: Decider<
  IdentityProviderCommand,
  IdentityProviderState,
  IdentityProviderEvent
> = {
  initial: { status: 'unknown' },
  decide: (command, provider) => {
    if (command.type === 'RegisterIdentityProvider') {
      const { identityProviderId, issuer, settings, at } = command;
      const registered = { ...normal(settings), identityProviderId, issuer, registeredAt: at };
      return provider.status === 'unknown'
        ? [identityProviderEvent('IdentityProviderRegistered')(registered)]
        : [];
    }
    if (provider.status === 'unknown' || provider.status === 'removed') return unknown();
    switch (command.type) {
      case 'ChangeIdentityProvider':
        return change(command, provider);
      case 'RemoveIdentityProvider': {
        const { identityProviderId, at } = command;
        return [identityProviderEvent('IdentityProviderRemoved')({ identityProviderId, removedAt: at })];
      }
    }
  },
  evolve: (provider, event) => {
    if (event.type === 'IdentityProviderRegistered')
      return { status: 'active', issuer: event.data.issuer, settings: normal(event.data) };
    if (provider.status === 'unknown' || provider.status === 'removed') return provider;
    switch (event.type) {
      case 'IdentityProviderConfigured':
        return { ...provider, settings: normal(event.data) };
      case 'IdentityProviderDeactivated':
        return { ...provider, status: 'inactive' };
      case 'IdentityProviderActivated':
        return { ...provider, status: 'active' };
      case 'IdentityProviderRemoved':
        return { status: 'removed' };
    }
  },
};

import type { Caller } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import type { IdentityProviderRow } from './identity-provider.entity.js';
import { MachineClient } from './machine-client.entity.js';
import { claimsOf, fulfils } from './trust-conditions.js';
import { TrustRule } from './trust-rule.entity.js';

/** Something that acts by itself, for one team; for several when rules of several teams fit its token. */
export type Machine = {
  id: string;
  by: { machineClientId: string } | { trustRuleId: string };
  displayName: string;
  isActive: boolean;
  teamIds: ReadonlySet<string>;
};

/** The machine behind a token: a registered client of the issuer, else whoever the trust rules mean. */
export const findMachine = async (
  em: EntityManager,
  caller: Caller,
  provider: IdentityProviderRow | undefined,
): Promise<Machine | undefined> =>
  (await findClient(em, caller)) ?? (provider && (await findByTrustRule(em, caller, provider)));

const findClient = async (em: EntityManager, { issuer, clientId }: Caller): Promise<Machine | undefined> => {
  if (clientId === undefined) return undefined;
  const client = await em.findOne(MachineClient, { issuer, clientId, isRemoved: false });
  return client
    ? {
        id: client.id,
        by: { machineClientId: client.id },
        displayName: clientId,
        isActive: client.isActive,
        teamIds: new Set([client.teamId]),
      }
    : undefined;
};

const findByTrustRule = async (
  em: EntityManager,
  caller: Caller,
  { id: identityProviderId }: IdentityProviderRow,
): Promise<Machine | undefined> => {
  const rules = await em.find(
    TrustRule,
    { identityProviderId, isActive: true },
    { orderBy: { createdAt: 'asc', id: 'asc' } },
  );
  const claims = claimsOf(caller);
  const fitting = rules.filter(({ conditions }) => conditions.every((each) => fulfils(claims, each)));
  const [oldest] = fitting;
  return (
    oldest && {
      id: oldest.id,
      by: { trustRuleId: oldest.id },
      displayName: oldest.name,
      isActive: true,
      teamIds: new Set(fitting.map(({ teamId }) => teamId)),
    }
  );
};

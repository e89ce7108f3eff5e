import { may, membershipEntities, membershipMigration, Principals } from '#libs/access';
import type { Caller } from '#libs/contracts';
import { openDatabase } from '#libs/read-model';

type Asker = Pick<Caller, 'subject' | 'clientId'>;
type Measured = { first: number[]; again: number[] };

/**
 * Milliseconds from a verified token to the word that its caller may see a runner, in the rows the provisioner left:
 * each caller once when nobody knows them yet, and once more.
 */
export const authorise = async (
  dataDir: string,
  issuer: string,
  callers: readonly Asker[],
): Promise<Measured> => {
  const database = await openDatabase({
    app: 'provisioner',
    dataDir,
    entities: membershipEntities,
    migrations: [membershipMigration],
  });
  const authorised = async (principals: Principals, each: Asker): Promise<number> => {
    const caller = { issuer, emailVerified: false, ...each };
    const startedAt = performance.now();
    const principal = await database.read((em) => principals.of(em, caller));
    const allowed = may(principal, 'runner.see', { teamId: principal.teams[0]?.id, provisionedBy: null });
    const took = performance.now() - startedAt;
    if (!allowed) throw new Error(`${each.subject} may not see a runner of their own team`);
    return took;
  };
  const all = async (principals: Principals, these: readonly Asker[]) => {
    const times: number[] = [];
    for (const caller of these) times.push(await authorised(principals, caller));
    return times;
  };
  const environment = { environmentIssuer: issuer };
  try {
    // what a process does for the first time takes longer
    for (let round = 0; round < 5; round++) await all(new Principals(environment), callers.slice(0, 200));
    const principals = new Principals(environment);
    return { first: await all(principals, callers), again: await all(principals, callers) };
  } finally {
    await database.close();
  }
};

import type { Recorded, RunnerEvent } from '#libs/contracts';
import { deleteRows, type EntityManager, findRows, type Projection, saveRows } from '#libs/read-model';
import type { CapacityEvent } from './capacity-holder.js';
import { RunnerSlot, type RunnerSlotRow } from './runner-slot.entity.js';

/** Which runners hold slots and which live: the two are the same but for the moments in between, and after a fault. */
export const runnerSlotProjection: Projection = {
  name: 'runner-slots',
  prefixes: ['teamCapacity-', 'userCapacity-', 'runner-'],
  apply: async (em, recorded) => {
    const facts = (recorded as readonly SlotFact[]).filter(({ type }) => Object.hasOwn(RELEVANT, type));
    if (facts.length === 0) return;
    const before = await load(em, facts);
    const after = slotsAfter(before, facts);
    const gone = [...before.keys()].filter((runnerId) => !after.has(runnerId));
    const changed = [...after].filter(([runnerId, row]) => before.get(runnerId) !== row);
    await deleteRows(em, RunnerSlot, 'runnerId', gone);
    await saveRows(
      em,
      RunnerSlot,
      changed.map(([, row]) => row),
    );
  },
};

type SlotFact =
  | Recorded<Exclude<CapacityEvent, { type: OfNoSlot }>>
  | Recorded<Extract<RunnerEvent, { type: LifeEvent }>>;
type OfNoSlot = 'TeamCapacityClosed' | 'TeamCapacityOpened';
type LifeEvent =
  | 'RunnerProvisioningRequested'
  | 'RunnerProvisioningFailed'
  | 'RunnerProvisioningAbandoned'
  | 'RunnerDeleted';
/** By type; a record, so that a type that is forgotten does not compile. */
const RELEVANT: Readonly<Record<SlotFact['type'], true>> = {
  RunnerSlotReserved: true,
  RunnerSlotReleased: true,
  RunnerSlotRepaired: true,
  TeamCapacitySnapshotTaken: true,
  UserSlotReserved: true,
  UserSlotReleased: true,
  UserSlotRepaired: true,
  UserCapacitySnapshotTaken: true,
  RunnerProvisioningRequested: true,
  RunnerProvisioningFailed: true,
  RunnerProvisioningAbandoned: true,
  RunnerDeleted: true,
};

type Slots = ReadonlyMap<string, RunnerSlotRow>;

/** The rows these facts can touch: of their runners and, for a snapshot, of its holder. */
const load = async (em: EntityManager, facts: readonly SlotFact[]): Promise<Slots> => {
  const runnerIds = new Set<string>();
  const holderIds = new Set<string>();
  for (const { type, data } of facts) {
    if (type === 'TeamCapacitySnapshotTaken') holderIds.add(data.teamId);
    else if (type === 'UserCapacitySnapshotTaken') holderIds.add(data.userId);
    else runnerIds.add(data.runnerId);
  }
  const rows = [
    ...(await findRows<RunnerSlotRow>(em, RunnerSlot, 'runnerId', [...runnerIds])),
    ...(await findRows<RunnerSlotRow>(em, RunnerSlot, 'holderId', [...holderIds])),
  ];
  return new Map(rows.map((row) => [row.runnerId, row]));
};

const slotsAfter = (before: Slots, facts: readonly SlotFact[]): Slots => {
  const slots = new Map(before);
  for (const fact of facts) {
    for (const [runnerId, row] of changes(slots, fact)) {
      if (row.isHeld || row.isLive) slots.set(runnerId, row);
      else slots.delete(runnerId);
    }
  }
  return slots;
};

type Holder = Pick<RunnerSlotRow, 'holderKind' | 'holderId'>;
type Change = Partial<Holder & Pick<RunnerSlotRow, 'isHeld' | 'isLive' | 'provisionedBy'>>;

const changes = (slots: Slots, fact: SlotFact): [string, RunnerSlotRow][] => {
  switch (fact.type) {
    case 'RunnerSlotReserved':
      return changed(slots, fact, { ...team(fact.data.teamId), isHeld: true });
    case 'UserSlotReserved':
      return changed(slots, fact, { ...user(fact.data.userId), isHeld: true });
    case 'RunnerSlotReleased':
    case 'UserSlotReleased':
      return changed(slots, fact, { isHeld: false });
    case 'RunnerSlotRepaired':
      return changed(slots, fact, { ...team(fact.data.teamId), isHeld: fact.data.repair === 'reserved' });
    case 'UserSlotRepaired':
      return changed(slots, fact, { ...user(fact.data.userId), isHeld: fact.data.repair === 'reserved' });
    case 'TeamCapacitySnapshotTaken':
      return summedUp(slots, fact, team(fact.data.teamId), fact.data.runnerIds);
    case 'UserCapacitySnapshotTaken':
      return summedUp(slots, fact, user(fact.data.userId), fact.data.runnerIds);
    case 'RunnerProvisioningRequested': {
      const { teamId, provisionedBy } = fact.data;
      return changed(slots, fact, {
        ...(teamId ? team(teamId) : user(provisionedBy)),
        provisionedBy,
        isLive: true,
      });
    }
    case 'RunnerProvisioningFailed':
    case 'RunnerProvisioningAbandoned':
    case 'RunnerDeleted':
      return changed(slots, fact, { isLive: false });
  }
};

const team = (holderId: string): Holder => ({ holderKind: 'team', holderId });
const user = (holderId: string): Holder => ({ holderKind: 'user', holderId });

/** A slot that is given back, or a runner that ends, without being known leaves nothing to be kept. */
const changed = (
  slots: Slots,
  { data: { runnerId }, recordedAt }: SlotFact & { data: { runnerId: string } },
  change: Change,
): [string, RunnerSlotRow][] => {
  const row = slots.get(runnerId);
  if (row) return [[runnerId, { ...row, ...change, changedAt: recordedAt }]];
  const { holderKind, holderId, provisionedBy = null, isHeld = false, isLive = false } = change;
  if (holderKind === undefined || holderId === undefined) return [];
  const holder = { holderKind, holderId };
  return [[runnerId, { runnerId, ...holder, provisionedBy, isHeld, isLive, changedAt: recordedAt }]];
};

/** From here on the holder's slots are these and no others. */
const summedUp = (
  slots: Slots,
  { recordedAt }: SlotFact,
  holder: Holder,
  runnerIds: readonly string[],
): [string, RunnerSlotRow][] => {
  const held = new Set(runnerIds);
  const surplus = [...slots.values()].filter(
    ({ holderKind, holderId, runnerId, isHeld }) =>
      isHeld && holderKind === holder.holderKind && holderId === holder.holderId && !held.has(runnerId),
  );
  const missing = runnerIds.filter((runnerId) => !slots.get(runnerId)?.isHeld);
  return [
    ...surplus.map((row): [string, RunnerSlotRow] => [
      row.runnerId,
      { ...row, isHeld: false, changedAt: recordedAt },
    ]),
    ...missing.map((runnerId): [string, RunnerSlotRow] => [
      runnerId,
      {
        isLive: false,
        provisionedBy: null,
        ...slots.get(runnerId),
        ...holder,
        runnerId,
        isHeld: true,
        changedAt: recordedAt,
      },
    ]),
  ];
};

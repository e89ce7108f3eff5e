import type { Actor, Event, Recorded } from '#libs/contracts';

type Circumstances = { position: number; stream?: string; actor?: Actor; requestId?: string };

/** An event as the log would hold it, for specs of what reads the log. */
export const recorded = <E extends Event>(
  event: E,
  {
    position,
    stream = 'any-1',
    actor = { kind: 'service', app: 'provisioner' },
    requestId = 'r-1',
  }: Circumstances,
): Recorded<E> => ({
  ...event,
  id: `00000000-0000-4000-9000-${String(position).padStart(12, '0')}`,
  stream,
  revision: BigInt(position),
  position: BigInt(position),
  recordedAt: new Date(Date.UTC(2026, 0, 1) + position),
  metadata: { $correlationId: requestId, $causationId: requestId, actor, schemaVersion: 1 },
});

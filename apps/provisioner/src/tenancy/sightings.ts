import { Injectable, Logger } from '@nestjs/common';
import type { RequestContext } from '#libs/contracts';
import { MachineClients } from '../machine-client/machine-clients.js';
import { originOf } from '../origin.js';
import { Users } from '../user/users.js';
import { type Acting, actorOf } from './acting.js';

const HOUR_MS = 3_600_000;

/**
 * Who has been here, by the hour: noted once per replica and hour, after the answer is on its way. That a note is
 * lost costs nothing but a date that is an hour older.
 */
@Injectable()
export class Sightings {
  private readonly logger = new Logger('sightings');
  private seen = { hour: 0, ids: new Set<string>() };

  constructor(
    private readonly users: Users,
    private readonly machineClients: MachineClients,
  ) {}

  note(acting: Acting, context: RequestContext): void {
    const at = new Date();
    const hour = Math.floor(at.getTime() / HOUR_MS);
    if (this.seen.hour !== hour) this.seen = { hour, ids: new Set() };
    const { userId } = acting;
    if (this.seen.ids.has(userId)) return;
    this.seen.ids.add(userId);
    setImmediate(() => {
      this.record(acting, context, at.toISOString()).catch((error: unknown) =>
        this.logger.debug({ err: error, userId }, 'a sighting could not be recorded'),
      );
    });
  }

  private async record(acting: Acting, context: RequestContext, at: string): Promise<void> {
    const { deadline: _, ...circumstances } = context;
    const origin = originOf(circumstances, actorOf(acting));
    const { kind, userId, machine } = acting;
    if (kind === 'user') await this.users.recordLogin(userId, at, origin);
    else if (machine && 'machineClientId' in machine)
      await this.machineClients.recordUse(machine.machineClientId, at, origin);
  }
}

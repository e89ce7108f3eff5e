import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, SeenUnmanaged, subjects, UnmanagedRunner } from '#libs/contracts';
import { type Asked, AskedCommand } from '#libs/messaging';
import { originOf } from '../origin.js';
import { CurrentTerm } from '../runner/current-term.js';
import { SurplusMachines } from './surplus-machines.js';
import { UnmanagedRunners } from './unmanaged-runners.js';

type Subject = typeof subjects.recordUnmanaged;

export class RecordUnmanaged extends AskedCommand<Subject> {}

@CommandHandler(RecordUnmanaged)
export class RecordUnmanagedHandler implements ICommandHandler<RecordUnmanaged> {
  constructor(
    private readonly unmanaged: UnmanagedRunners,
    private readonly surplus: SurplusMachines,
    private readonly currentTerm: CurrentTerm,
  ) {}

  async execute({ body, context }: RecordUnmanaged): Promise<ReplyOf<Subject>> {
    if (await this.currentTerm.isOver(body.term)) return { unmanaged: [] };
    const { total, seenAt } = body;
    const runners = await this.withoutSurplus(
      await this.unmanaged.among(body.runners, seenAt),
      body,
      context,
    );
    const ids = runners.map(({ githubRunnerId }) => githubRunnerId);
    const origin = originOf(context, { kind: 'service', app: 'sync' });
    const { position } = await this.unmanaged.report({ runners, total, seenAt }, origin);
    return { unmanaged: ids, ...(position === undefined ? {} : { position: String(position) }) };
  }

  private async withoutSurplus(
    unmanaged: readonly SeenUnmanaged[],
    { seenAt }: Asked<Subject>['body'],
    { requestId }: Asked<Subject>['context'],
  ): Promise<UnmanagedRunner[]> {
    const nobodys: UnmanagedRunner[] = [];
    for (const machine of unmanaged) {
      const { absentAt: _, sharesLabelsWith: __, ...runner } = machine;
      if (!(await this.surplus.takes(machine, seenAt, requestId))) nobodys.push(runner);
    }
    return nobodys;
  }
}

import { Command, Query } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import type { Asked } from '#libs/messaging';

type Subjects = typeof subjects;

export class TriggerSync extends Command<ReplyOf<Subjects['triggerSync']>> {
  constructor(readonly question: Asked<Subjects['triggerSync']>) {
    super();
  }
}

export class GetSyncStatus extends Query<ReplyOf<Subjects['syncStatus']>> {
  constructor(readonly question: Asked<Subjects['syncStatus']>) {
    super();
  }
}

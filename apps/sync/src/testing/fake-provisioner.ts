import {
  Problem,
  type RecordUnmanaged,
  type ReplyOf,
  type RequestContext,
  type RequestOf,
  type Subject,
  subjects,
} from '#libs/contracts';
import type { Asking } from '../provisioner-calls.js';

const takesEverything = ({ subject, body }: Told) =>
  subject === subjects.recordUnmanaged.subject
    ? { unmanaged: (body as RecordUnmanaged).runners.map(({ githubRunnerId }) => githubRunnerId) }
    : { recorded: 1 };

export type Told = { subject: string; body: unknown; context: RequestContext };

/** A provisioner on a bus in memory: takes everything and finds it new, unless it is told otherwise. */
export class FakeProvisioner implements Asking {
  /** Every question it has answered without a refusal, in order. */
  readonly told: Told[] = [];
  /** Every question that reached it, refused ones included. */
  asked = 0;
  private answer: (question: Told) => Promise<unknown> | unknown = takesEverything;

  async ask<S extends Subject>(subject: S, body: RequestOf<S>, context: RequestContext): Promise<ReplyOf<S>> {
    this.asked += 1;
    const question: Told = {
      subject: subject.subject,
      body: subject.request.parse(JSON.parse(JSON.stringify(body))),
      context,
    };
    const reply = subject.reply.parse(await this.answer(question)) as ReplyOf<S>;
    this.told.push(question);
    return reply;
  }

  answers(answer: (question: Told) => Promise<unknown> | unknown): void {
    this.answer = answer;
  }

  goesDown(): void {
    this.answers(() => {
      throw new Problem('service-unavailable', 'The provisioner is not available.');
    });
  }

  comesBack(): void {
    this.answers(takesEverything);
  }

  bodiesOf({ subject }: Subject): unknown[] {
    return this.told.filter((question) => question.subject === subject).map(({ body }) => body);
  }
}

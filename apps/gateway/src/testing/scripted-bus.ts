import { Problem, type ReplyOf, type RequestContext, type RequestOf, type Subject } from '#libs/contracts';
import { Bus } from '#libs/messaging';

type Question = { subject: string; body: unknown; context: RequestContext };
type Answer = (question: Question) => unknown;

/** A bus whose other end is a table: it checks questions and replies against the contract like the real one. */
export class ScriptedBus extends Bus {
  readonly questions: Question[] = [];
  private readonly answers = new Map<string, Answer>();

  constructor() {
    super(undefined as never);
  }

  /** How the subject is answered from now on; a thrown problem is the refusal. */
  answer<S extends Subject>(
    subject: S,
    answer: (question: { body: RequestOf<S>; context: RequestContext }) => ReplyOf<S> | Promise<ReplyOf<S>>,
  ): void {
    this.answers.set(subject.subject, answer as Answer);
  }

  /** How the next question on the subject is answered. */
  answerOnce<S extends Subject>(subject: S, answer: () => ReplyOf<S>): void {
    const usual = this.answers.get(subject.subject);
    this.answers.set(subject.subject, () => {
      if (usual) this.answers.set(subject.subject, usual);
      return answer();
    });
  }

  override async ask<S extends Subject>(
    subject: S,
    body: RequestOf<S>,
    context: RequestContext,
  ): Promise<ReplyOf<S>> {
    const question = { subject: subject.subject, body: subject.request.parse(body), context };
    this.questions.push(question);
    const answer = this.answers.get(subject.subject);
    if (!answer)
      throw new Problem('service-unavailable', `nobody answers ${subject.subject}`, { retryAfterSeconds: 2 });
    return subject.reply.parse(await answer(question)) as ReplyOf<S>;
  }

  /** The questions on one subject so far. */
  asked(subject: Subject): Question[] {
    return this.questions.filter((question) => question.subject === subject.subject);
  }

  override async connect(): Promise<void> {}
  override async ping(): Promise<void> {}
  override async close(): Promise<void> {}
}

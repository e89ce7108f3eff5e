import type { Event } from './event.js';
import { Problem, type ProblemCode } from './problem.js';

/** A decision that says no: which problem, with the members the caller is shown. */
export type Refusal = { refused: ProblemCode; detail: string; members: Record<string, unknown> };

/** What a decider answers: facts (none = it is so already), or a refusal. */
export type Decision<E extends Event> = readonly E[] | Refusal;

export const refused = (
  code: ProblemCode,
  detail: string,
  members: Record<string, unknown> = {},
): Refusal => ({
  refused: code,
  detail,
  members,
});

export const isRefusal = <E extends Event>(decision: Decision<E>): decision is Refusal =>
  'refused' in decision;

export const problemOfRefusal = ({ refused: code, detail, members }: Refusal): Problem =>
  new Problem(code, detail, { members });

import { z } from 'zod';
import { Problem, type ProblemCode, problemCodes } from '#libs/contracts';

const problemSchema = z.looseObject({
  code: z.string().refine((code): code is ProblemCode => Object.hasOwn(problemCodes, code)),
  detail: z.string(),
});
/** Said anew for whoever asked here. */
const SAID_ANEW = ['type', 'title', 'status', 'instance', 'request_id'];

/** The problem another app has answered over HTTP. */
export const problemFrom = async (answer: Response): Promise<Problem> => {
  const told = problemSchema.safeParse(await answer.json().catch(() => undefined));
  if (!told.success) {
    const cause = new Error(`the dashboard answered ${answer.status}`);
    return new Problem('unexpected', 'Something went wrong here. Report the request id.', { cause });
  }
  const { code, detail, ...rest } = told.data;
  const members = Object.fromEntries(Object.entries(rest).filter(([name]) => !SAID_ANEW.includes(name)));
  const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return new Problem(code as ProblemCode, detail, {
    members,
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  });
};

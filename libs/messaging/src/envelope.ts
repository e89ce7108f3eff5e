import {
  Problem,
  type RequestContext,
  type RequestOf,
  requestContextSchema,
  type Subject,
} from '#libs/contracts';

/** What crosses the bus: the question and where it came from. */
export type Asked<S extends Subject> = { body: RequestOf<S>; context: RequestContext };

/** Receivers validate: what does not fit the subject's schema is an error of its sender. */
export const openEnvelope = <S extends Subject>(subject: S, payload: unknown): Asked<S> => {
  const { body, context } = (payload ?? {}) as { body?: unknown; context?: unknown };
  const checkedContext = requestContextSchema.safeParse(context);
  const checkedBody = subject.request.safeParse(body);
  if (checkedContext.success && checkedBody.success) {
    return { context: checkedContext.data, body: checkedBody.data as RequestOf<S> };
  }
  throw new Problem('unexpected', `A message on ${subject.subject} did not have the agreed shape.`, {
    cause: checkedContext.error ?? checkedBody.error,
  });
};

import { z } from 'zod';

export type AppName = 'gateway' | 'provisioner' | 'sync' | 'audit' | 'dashboard' | 'cli';

/** One question that may be asked over NATS. */
export type Subject<Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> = {
  subject: string;
  request: Request;
  reply: Reply;
  /** The app that answers; its name is the queue group. */
  answeredBy: AppName;
  askedBy: readonly AppName[];
  /** How long an asker waits. Milliseconds. */
  timeoutMs: number;
};

export const subject = <Request extends z.ZodType, Reply extends z.ZodType>(
  definition: Subject<Request, Reply>,
) => definition;

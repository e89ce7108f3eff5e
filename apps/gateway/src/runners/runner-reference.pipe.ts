import type { PipeTransform } from '@nestjs/common';
import { Problem, runnerName } from '#libs/contracts';

/** An id has the shape of a name too; what has another shape can be nobody. */
export const runnerReferencePipe: PipeTransform<string, string> = {
  transform: (reference) => {
    if (runnerName.safeParse(reference).success) return reference;
    throw new Problem('runner-unknown', 'There is no such runner. GET /api/v1/runners lists yours.');
  },
};

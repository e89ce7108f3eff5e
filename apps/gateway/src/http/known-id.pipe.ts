import type { PipeTransform } from '@nestjs/common';
import { Problem, type ProblemCode, problemCodes, uuid } from '#libs/contracts';

/** An id in a path; what has not the shape of one can be nobody's. */
export const idOr = (code: ProblemCode): PipeTransform<string, string> => ({
  transform: (text) => {
    const id = uuid.safeParse(text);
    if (id.success) return id.data;
    throw new Problem(code, `${problemCodes[code].title}. Look the id up in the list.`);
  },
});

import { expect } from '@jest/globals';
import type { Response } from 'supertest';

/** The request was refused for what it is, and this field is named among those to mend. */
export const expectRefusedField = ({ status, body }: Response, field: string): void => {
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'request-invalid' });
  expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
};

import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem } from '#libs/contracts';

type Issue = {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  keys?: string[];
};

const SHOWN_ERRORS = 50;

/** Checks bodies and queries by the schema at the parameter; every bad field is named. */
export const requestPipe = () =>
  new StandardSchemaValidationPipe({
    transform: true,
    exceptionFactory: (issues) => requestInvalid(issues.flatMap((issue) => errorsOf(issue as Issue))),
  });

export const requestInvalid = (errors: { field: string; message: string }[]): Problem => {
  const shown = errors.slice(0, SHOWN_ERRORS);
  const names = shown.map(({ field }) => field).join(', ');
  const fields = errors.length > SHOWN_ERRORS ? `${names} and more` : names;
  return new Problem('request-invalid', `Mend ${fields} and send the request again.`, {
    members: { errors: shown },
  });
};

const errorsOf = ({ path = [], message, keys }: Issue) => {
  const field = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  if (keys)
    return keys.map((key) => ({ field: field ? `${field}.${key}` : key, message: 'is not a known field' }));
  return [{ field: field || 'body', message }];
};

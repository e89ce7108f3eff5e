import { type Fact, type Recorded, userEventSchemas } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';

/** Who a person is, is kept in one place; records name people by id. */
const PERSONAL = ['email', 'displayName'];

/** The fact's data as records show it: snake_case, and without what would repeat who a person is. */
export const eventDataOf = ({ type, data }: Recorded<Fact>): Record<string, unknown> => {
  const shown = Object.entries(data).filter(([field]) => !(isAboutPerson(type) && PERSONAL.includes(field)));
  return toSnakeCase(Object.fromEntries(shown)) as Record<string, unknown>;
};

const isAboutPerson = (type: string): boolean => Object.hasOwn(userEventSchemas, type);

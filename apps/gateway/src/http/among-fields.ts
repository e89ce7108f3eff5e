/**
 * For a rule about several fields of a body: it is looked at also when some field is of the wrong type, so that all
 * that is wrong is said at once.
 */
export const amongFields = {
  when: ({ value }: { value: unknown }): boolean => typeof value === 'object' && value !== null,
};

/** The member when there is a value, else nothing: absent is not null. */
export const present = <Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { [K in Key]?: Value } =>
  value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });

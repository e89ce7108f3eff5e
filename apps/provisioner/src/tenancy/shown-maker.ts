type Made = { createdByUserId?: string | null | undefined; createdByApp?: string | null | undefined };

/** Whoever made something: a person or machine by name, else the app that did it by itself. */
export const shownMaker = (
  { createdByUserId, createdByApp }: Made,
  makers: ReadonlyMap<string, string>,
): string =>
  createdByUserId ? (makers.get(createdByUserId) ?? createdByUserId) : (createdByApp ?? 'unknown');

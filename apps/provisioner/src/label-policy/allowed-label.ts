/** A label with `*` for any run of characters as an RE2 pattern; labels hold letters, digits, `.`, `_` and `-`. */
export const patternOfAllowed = (allowedLabel: string): string =>
  allowedLabel.replaceAll('.', '\\.').replace(/\*+/g, '.*');

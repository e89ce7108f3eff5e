const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** How long ago, in one unit: `3 min`, `2 h`, `5 d`. */
export const age = (from: string, now: Date): string => {
  const seconds = (now.getTime() - Date.parse(from)) / 1000;
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
  }
  return 'just now';
};

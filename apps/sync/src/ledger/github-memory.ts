const DAY_MS = 24 * 60 * 60 * 1000;

/** For so long GitHub shows a delivery and can be asked for it; on an Enterprise Server longer. */
export const GITHUB_REMEMBERS_MS = 3 * DAY_MS;
/** What was lost for good is shown for as long again. */
export const LOSSES_SHOWN_MS = 2 * GITHUB_REMEMBERS_MS;

/** Enough for any project; a data set with a million files, or a slow disk, must not hold up the editor. */
export const SEARCH_LIMITS = { maxEntries: 20_000, maxMs: 5000 } as const;

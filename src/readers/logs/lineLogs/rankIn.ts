const RANK = /\[(?:default|rank)[ _-]?(\d+)|^\s*(\d+): |\[\d+,(\d+)\]<std(?:out|err)>|\bworker-(\d+)\b|\[Rank (\d+)\]/i;

/** The rank that what stands before a record names. */
export function rankIn(prefix: string): string | null {
  if (prefix === "") {
    return null;
  }
  const [, ...ranks] = RANK.exec(prefix.slice(0, MAX_PREFIX)) ?? [];
  return ranks.find((rank) => rank !== undefined) ?? null;
}

const MAX_PREFIX = 500;

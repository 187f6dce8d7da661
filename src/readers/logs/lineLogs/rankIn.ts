const RANK =
  /\[(?:default|rank)[ _-]?(\d+)|^\s*(\d+): |\[\d+,(\d+)\]<std(?:out|err)>|\bworker-(\d+)\b|\[Rank (\d+)\]/di;

/** The rank that what stands before a record names. */
export function rankIn(prefix: string): string | null {
  const place = rankPlaceIn(prefix);
  return place === null ? null : prefix.slice(place.start, place.end);
}

/** Where it names it. */
export function rankPlaceIn(prefix: string): { readonly start: number; readonly end: number } | null {
  if (prefix === "") {
    return null;
  }
  const [, ...places] = RANK.exec(prefix.slice(0, MAX_PREFIX))?.indices ?? [];
  const place = places.find((one) => one !== undefined);
  return place === undefined ? null : { start: place[0], end: place[1] };
}

const MAX_PREFIX = 500;

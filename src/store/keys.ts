import type { SeriesKey } from "#core/series.ts";

/** Keys of series, of which runs of one model have the same thousands: each is kept once. */
export interface SharedKeys {
  /** The key alone, without what else an object holds. */
  readonly of: (key: SeriesKey) => SeriesKey;
  /** Keys that no series has need not be kept: what comes from now on is shared among itself. */
  readonly forget: () => void;
}

export function createKeys(): SharedKeys {
  const byName = new Map<string, SeriesKey>();
  return {
    of(key) {
      const known = byName.get(key.name);
      if (known !== undefined && areEqual(known, key)) {
        return known;
      }
      const own = keyAlone(key);
      byName.set(own.name, own);
      return own;
    },
    forget: () => byName.clear(),
  };
}

function areEqual(a: SeriesKey, b: SeriesKey): boolean {
  return a.kind === b.kind && a.tensor === b.tensor && a.axis === b.axis && a.isEstimate === b.isEstimate;
}

function keyAlone({ kind, name, tensor, axis, isEstimate }: SeriesKey): SeriesKey {
  return {
    kind,
    name,
    tensor,
    ...(axis === undefined ? {} : { axis }),
    ...(isEstimate === undefined ? {} : { isEstimate }),
  };
}

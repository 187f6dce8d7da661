import type { BundleEntry } from "./entries.ts";

/** Keras 3 exports its variables a second time in one list. Values counted twice would make the norm too large. */
export const ALL_VARIABLES = "_all_variables/";

/** The keys of that list whose own name and checksum another variable has. */
export function listedTwice(
  entries: ReadonlyMap<string, BundleEntry>,
  fullNames: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const repeated = [...entries.values()].filter(({ key }) => key.startsWith(ALL_VARIABLES));
  if (repeated.length === 0) {
    return new Set();
  }
  const others = [...entries.values()].filter(({ key }) => !key.startsWith(ALL_VARIABLES));
  const signs = new Set(others.map((entry) => signOf(entry, fullNames)));
  const isTwice = (entry: BundleEntry): boolean => {
    const sign = signOf(entry, fullNames);
    return sign !== undefined && signs.has(sign);
  };
  return new Set(repeated.filter(isTwice).map(({ key }) => key));
}

function signOf(
  { key, type, size, checksum }: BundleEntry,
  fullNames: ReadonlyMap<string, string>,
): string | undefined {
  const name = fullNames.get(key);
  return name === undefined || checksum === undefined ? undefined : JSON.stringify([name, type, size, checksum]);
}

import { namesTensor } from "#core/names/namePattern.ts";

/** A filter of names; every name passes when no pattern is given. */
export function nameFilter(pattern: string | undefined): (name: string) => boolean {
  return (name) => pattern === undefined || namesTensor(pattern, name);
}

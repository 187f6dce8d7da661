// Of a job that has not begun a list of all would say no more.
const NAMED_SHARES = 16;

/** `Share 3 of 8 is missing`. */
export function describeMissing(missing: readonly number[], count: number): string {
  const named = missing.slice(0, NAMED_SHARES).join(", ");
  const more = missing.length > NAMED_SHARES ? ` and ${missing.length - NAMED_SHARES} more` : "";
  return missing.length === 1
    ? `Share ${named} of ${count} is missing`
    : `Shares ${named}${more} of ${count} are missing`;
}

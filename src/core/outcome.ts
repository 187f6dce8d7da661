/** Why bytes could not be understood. Expected things are values; only surprises are exceptions. */
export type ReadFailure =
  | { readonly kind: "incomplete"; readonly have: number; readonly need: number; readonly what?: string } // still being written: wait
  | { readonly kind: "malformed"; readonly offset: number; readonly what: string } // tell the user once
  | { readonly kind: "unsupported"; readonly what: string }; // list it quietly

/** What was read, or why it could not be. */
export type Outcome<T> = { readonly kind: "ok"; readonly value: T } | ReadFailure;

export function ok<T>(value: T): Outcome<T> {
  return { kind: "ok", value };
}

/** `offset` in bytes of the file; `what` is a sentence for people. */
export function malformed(offset: number, what: string): ReadFailure {
  return { kind: "malformed", offset, what };
}

export function unsupported(what: string): ReadFailure {
  return { kind: "unsupported", what };
}

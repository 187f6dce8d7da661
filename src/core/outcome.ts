/** Why bytes could not be understood. Expected things are values; only surprises are exceptions. */
export type ReadFailure =
  | { readonly kind: "incomplete"; readonly have: number; readonly need: number; readonly what?: string } // still being written: wait
  | { readonly kind: "malformed"; readonly offset: number; readonly what: string } // tell the user once
  | { readonly kind: "unsupported"; readonly what: string }; // list it quietly

export type Outcome<T> = { readonly kind: "ok"; readonly value: T } | ReadFailure;

export function ok<T>(value: T): Outcome<T> {
  return { kind: "ok", value };
}

export function malformed(offset: number, what: string): ReadFailure {
  return { kind: "malformed", offset, what };
}

export function unsupported(what: string): ReadFailure {
  return { kind: "unsupported", what };
}

/** One sentence for people: what, where, the value. */
export function describeFailure(failure: ReadFailure): string {
  switch (failure.kind) {
    case "incomplete":
      return (
        failure.what ??
        `The file has ${failure.have} of ${failure.need} bytes. It may still be writing; try again when it is complete.`
      );
    case "malformed":
      return `Byte ${failure.offset}: ${failure.what}`;
    case "unsupported":
      return failure.what;
  }
}

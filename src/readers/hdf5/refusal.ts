import type { Outcome, ReadFailure } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

/**
 * Why a record could not be read. The records of an HDF5 file refer to each other many levels deep, and each step can fail;
 * so a refusal is thrown where it is seen, and becomes an outcome at the reader's door, `outcomeOf`.
 */
class Refusal extends Error {
  readonly failure: ReadFailure;

  constructor(failure: ReadFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** The same failure with more said about it. */
export function refused(failure: ReadFailure): Error {
  return new Refusal(failure);
}

export function damaged(offset: number, what: string): Error {
  return new Refusal({ kind: "malformed", offset, what: t("{0} The file is damaged, or is being written.", what) });
}

/** `what` goes on after "a dataset with" and "a group with". */
export function notSupported(what: string): Error {
  return new Refusal({ kind: "unsupported", what });
}

/** Rejects only with what is no refusal: a source that cannot be read. */
export async function outcomeOf<T>(read: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Refusal) {
      return error.failure;
    }
    throw error;
  }
}

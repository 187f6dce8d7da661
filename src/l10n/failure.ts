import type { ReadFailure } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

/** One sentence for people: what, where, the value. */
export function describeFailure(failure: ReadFailure): string {
  switch (failure.kind) {
    case "incomplete":
      return (
        failure.what ??
        t(
          "The file has {0} of {1} bytes. It may still be writing; try again when it is complete.",
          failure.have,
          failure.need,
        )
      );
    case "malformed":
      return t("Byte {0}: {1}", failure.offset, failure.what);
    case "unsupported":
      return failure.what;
  }
}

import { ok, unsupported } from "#core/outcome.ts";
import type { Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

/** How a log's bytes spell text: told by the byte order mark, UTF-8 without one. */
export interface TextEncoding {
  readonly name: "utf8" | "utf16le";
  /** Length of the byte order mark, which is no text. */
  readonly markBytes: number;
  readonly newlineBytes: number;
}

/** Bytes of the file's start that `encodingOf` looks at. */
export const MARK_BYTES = 3;

export function encodingOf(head: Uint8Array): Outcome<TextEncoding> {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) {
    // Windows PowerShell 5 writes `>` and Tee-Object this way.
    return ok({ name: "utf16le", markBytes: 2, newlineBytes: 2 });
  }
  if (first === 0xfe && second === 0xff) {
    return unsupported(t("The text is UTF-16 big-endian. Save it as UTF-8."));
  }
  const markBytes = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  return ok({ name: "utf8", markBytes, newlineBytes: 1 });
}

import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { inOnePiece } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import type { LocatedData } from "./locatedData.ts";
import type { OnnxTensor } from "./tensor.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** The files beside a model that its tensors name, each opened once. */
export interface ExternalFiles {
  /** A file, or a sentence that says why there is none. */
  readonly open: (location: string) => Promise<ByteSource | string>;
  /** Sentences on files that cannot be used. */
  readonly notes: () => readonly string[];
}

// A model has one such file, or one for each large tensor.
const MAX_FILES = 20_000;

export function createExternalFiles(companions: FolderSource): ExternalFiles {
  const opened = new Map<string, Promise<ByteSource | string>>();
  const notes: string[] = [];
  async function openOnce(location: string): Promise<ByteSource | string> {
    const failure = (what: string): string => {
      notes.push(`${tensorLabel(location)}: ${what}`);
      return what;
    };
    try {
      const source = opened.size > MAX_FILES ? undefined : await companions.open(location);
      return source ?? failure(t("the model names this file, but it is missing."));
    } catch (error) {
      return failure(error instanceof Error ? error.message : String(error));
    }
  }
  return {
    async open(location) {
      const known = opened.get(location) ?? openOnce(location);
      opened.set(location, known);
      return known;
    },
    notes: () => notes,
  };
}

/** Values in another file: its path from the model's folder on, and decimal numbers where in it they lie. */
export async function locateExternal(
  { name, at, external }: OnnxTensor,
  { bytes, described }: { readonly bytes: number; readonly described: () => string },
  files: ExternalFiles,
): Promise<Outcome<LocatedData>> {
  const location = external.get("location")?.replace(/^(?:\.\/+)+/, "");
  const offset = decimal(external.get("offset") ?? "0");
  const length = decimal(external.get("length") ?? String(bytes));
  if (location === undefined || location === "" || offset === undefined || length === undefined) {
    return malformed(
      at,
      t("{0}: external_data needs a location and decimal numbers. Save the file again.", tensorLabel(name)),
    );
  }
  if (length !== bytes) {
    return malformed(
      at,
      t("{0} takes {1} bytes, but external_data says {2}. Save the file again.", described(), bytes, length),
    );
  }
  const source = await files.open(location);
  if (typeof source === "string") {
    return ok({ what: t("a tensor in {0}, which was not opened", tensorLabel(location)) });
  }
  const need = offset + length;
  return need > source.size
    ? { kind: "incomplete", have: source.size, need }
    : ok({ parts: inOnePiece(location, offset, length) });
}

function decimal(text: string): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

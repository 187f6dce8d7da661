import process from "node:process";
import { toJson } from "#core/json.ts";
import { writeAtomically } from "#files/written/writeAtomically.ts";
import type { CheckpointNorms } from "#protocol/workerAnswers.ts";
import type { NamedSpectrum } from "#worker/norms/computeSpectrum.ts";
import { spectrumText, toText } from "./normsText.ts";
import { printable, printableLines } from "../text/terminalText.ts";

/** One element of what `gradlens norms --json` prints. */
interface NormsDocument extends Omit<CheckpointNorms, "unmeasured" | "alternatives"> {
  readonly schema: "gradlens/norms@1";
  readonly source: string;
  /** Of the tensor that `--spectral` names. */
  readonly spectral?: NamedSpectrum;
}

export interface OutputOptions {
  readonly json?: boolean;
  /** A file instead of stdout. */
  readonly output?: string;
}

/** Norms with the path they are of. */
export interface SourceNorms {
  readonly source: string;
  readonly norms: CheckpointNorms;
  readonly spectral?: NamedSpectrum | undefined;
}

/** Prints norms as JSON or for people, to stdout or into a file; the notes go to stderr. */
export async function printNorms(all: readonly SourceNorms[], { json = false, output }: OutputOptions): Promise<void> {
  for (const { source, norms } of all) {
    norms.notes.forEach((note) => process.stderr.write(`${printable(`${source}: ${note}`)}\n`));
  }
  const text = json
    ? `${toJson(all.map(toDocument), 2)}\n`
    : printableLines(
        all.map(({ source, norms, spectral }) => toText(source, norms) + spectrumText(spectral)).join("\n"),
      );
  if (output === undefined) {
    process.stdout.write(text);
  } else {
    await writeAtomically(output, text);
  }
}

function toDocument({ source, norms: all, spectral }: SourceNorms): NormsDocument {
  const { unmeasured: _, alternatives: __, ...norms } = all;
  const document = { schema: "gradlens/norms@1", source, ...norms } as const;
  return spectral === undefined ? document : { ...document, spectral };
}

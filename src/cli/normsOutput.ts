import process from "node:process";
import { toJson } from "#core/json.ts";
import { writeAtomically } from "#files/writeAtomically.ts";
import type { CheckpointNorms } from "#protocol/worker.ts";
import { toText } from "./normsText.ts";

/** One element of what `gradlens norms --json` prints. */
interface NormsDocument extends Omit<CheckpointNorms, "unmeasured" | "alternatives"> {
  readonly schema: "gradlens/norms@1";
  readonly source: string;
}

export interface OutputOptions {
  readonly json?: boolean;
  /** A file instead of stdout. */
  readonly output?: string;
}

/** Norms with the path they are of. */
export type SourceNorms = readonly [source: string, norms: CheckpointNorms];

/** Prints norms as JSON or for people, to stdout or into a file; the notes go to stderr. */
export async function printNorms(all: readonly SourceNorms[], { json = false, output }: OutputOptions): Promise<void> {
  for (const [source, { notes }] of all) {
    notes.forEach((note) => process.stderr.write(`${source}: ${note}\n`));
  }
  const text = json
    ? `${toJson(all.map(toDocument), 2)}\n`
    : all.map(([source, norms]) => toText(source, norms)).join("\n");
  if (output === undefined) {
    process.stdout.write(text);
  } else {
    await writeAtomically(output, text);
  }
}

function toDocument([source, all]: SourceNorms): NormsDocument {
  const { unmeasured: _, alternatives: __, ...norms } = all;
  return { schema: "gradlens/norms@1", source, ...norms };
}

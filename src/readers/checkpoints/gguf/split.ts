import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

import { type GgufPart, numberOf, readPart, toMetadata } from "./part.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

export interface SplitModel {
  /** The part that was opened. */
  readonly source: ByteSource;
  readonly parts: number;
  readonly companions: FolderSource;
}

const PART = /^(.*)-\d{5}-of-(\d{5})\.gguf$/s;

// Models of a trillion parameters have some hundred.
const MAX_PARTS = 10_000;

/** `model-00002-of-00003.gguf`, told from the name of another part; undefined when that tells nothing. */
export function partName(name: string, part: number, parts: number): string | undefined {
  const match = PART.exec(name);
  return match === null || Number(match[2]) !== parts || parts > MAX_PARTS
    ? undefined
    : `${match[1]}-${String(part).padStart(5, "0")}-of-${match[2]}.gguf`;
}

/** Of all parts that are missing, the first are named; the number of tensors tells the rest. */
const MAX_NOTES = 10;

/** One index over all parts. One that is missing or cannot be read becomes a note. */
export async function joinParts({ source, parts, companions }: SplitModel): Promise<Outcome<CheckpointIndex>> {
  const tensors = new Map<string, TensorEntry>();
  const notRead: NotRead[] = [];
  const notes: string[] = [];
  let metadata: Record<string, string> = {};
  let wanted: number | undefined;
  for (let part = 1; part <= parts; part += 1) {
    const name = partName(source.name, part, parts) ?? source.name;
    const read = await readNamed(name, { source, companions });
    if (typeof read === "string") {
      if (notes.length < MAX_NOTES) {
        notes.push(`${name}: ${read}`);
      }
      continue;
    }
    const twice = read.tensors.find((tensor) => tensors.has(tensor.name));
    if (twice !== undefined) {
      return malformed(
        0,
        t("{0}: {1} and another part hold it. Fetch the files again.", tensorLabel(twice.name), name),
      );
    }
    read.tensors.forEach((tensor) => tensors.set(tensor.name, tensor));
    read.notRead.forEach((one) => notRead.push(one));
    metadata = { ...toMetadata(read.values), ...metadata };
    wanted ??= numberOf(read.values, "split.tensors.count");
  }
  const have = tensors.size + notRead.length;
  if (wanted !== undefined && wanted !== have) {
    notes.push(t("The parts hold {0} of the model's {1} tensors.", have, wanted));
  }
  return ok({ format: "gguf", tensors: [...tensors.values()], notRead, metadata, notes });
}

/** A part, or a sentence that says why it cannot be read. */
async function readNamed(name: string, { source, companions }: Omit<SplitModel, "parts">): Promise<GgufPart | string> {
  try {
    const file = name === source.name ? source : await companions.open(name);
    if (file === undefined) {
      return t("this part of the model is missing.");
    }
    const part = await readPart(file);
    return part.kind === "ok" ? part.value : describeFailure(part);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

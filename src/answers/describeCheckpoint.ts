import { formatBytes, formatCount } from "#core/format.ts";
import type { Place } from "#core/place.ts";
import type { TensorDescription } from "#core/tensor.ts";
import { describeAge } from "./age.ts";
import { quoteData } from "./dataText.ts";
import { PATH_CHARACTERS } from "./readRun.ts";

/** What every answer on a checkpoint begins with. */
export interface Facts {
  readonly format: string;
  readonly bytes: number;
  readonly tensors: readonly TensorDescription[];
}

/** Which checkpoint, and how old: the first line of what is said of it. */
export function headLine({ path, modifiedMs }: Place, { format, bytes, tensors }: Facts, nowMs: number): string {
  const what = `${format}, ${formatBytes(bytes)}, ${formatCount(tensors.length, "tensor")}`;
  return `Checkpoint ${quoteData(path, PATH_CHARACTERS)}: ${what}, ${describeAge(modifiedMs, nowMs)}.`;
}

export function describeTensor({ name, parameter, kind, dtype, shape }: TensorDescription): string {
  const of = parameter === undefined || parameter === name ? "" : ` of ${quoteData(parameter)}`;
  return `- ${quoteData(name)}${of} ${kind} ${dtype} [${shape.join(", ")}]`;
}

const MOST_NOTES = 3;

export function describeNotes(notes: readonly string[]): string[] {
  const more = notes.length - MOST_NOTES;
  return [
    ...notes.slice(0, MOST_NOTES).map((note) => `Note: ${quoteData(note, PATH_CHARACTERS)}`),
    ...(more > 0 ? [`There are ${more} more notes.`] : []),
  ];
}

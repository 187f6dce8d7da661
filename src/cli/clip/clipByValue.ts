import process from "node:process";
import { reviewValueClip } from "#analysis/clipping/reviewValueClip.ts";
import { toJson } from "#core/json.ts";
import { kindTakenAs } from "#core/tensor.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { createTieFinder } from "#core/ties.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { valueClipDocumentOf } from "./clipByValueDocument.ts";
import { valueClipTextOf } from "./clipByValueText.ts";
import { createProgressLine } from "../text/progressLine.ts";
import { printable, printableLines } from "../text/terminalText.ts";
import { oneOf, parsePositive, parseThreads } from "../usage.ts";

export interface ValueClipOptions {
  /** As they were given: numbers, or several with commas between them. */
  readonly limits: readonly string[];
  readonly "per-tensor"?: boolean | undefined;
  readonly kind?: string | undefined;
  readonly threads?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What clipping by value does to the gradient of one checkpoint. */
export async function runClipByValue(path: string, options: ValueClipOptions, signal: AbortSignal): Promise<number> {
  const given = options.limits.flatMap((text) => text.split(",")).map((text) => parsePositive("--by-value", text));
  const limits = [...new Set(given)];
  const takenAs = oneOf("kind", options.kind, ["gradient"]);
  const threads = parseThreads(options.threads);
  const { show: onProgress, erase } = createProgressLine(process.stderr, () => performance.now());
  const { tensors, globals, unmeasured, notes } = await computeNorms(path, {
    threads,
    signal,
    onProgress,
    isFull: true,
    isWanted: createGradientFilter(takenAs),
    ...(takenAs === undefined ? {} : { takenAs }),
  }).finally(erase);
  notes.forEach((note) => process.stderr.write(`${printable(`${path}: ${note}`)}\n`));
  if (globals.gradient === undefined) {
    throw new Error(`${path}: ${whyNone(unmeasured.length, takenAs)}`);
  }
  const review = reviewValueClip(tensors, globals.gradient, limits);
  const context = { source: path, notes, isPerTensor: options["per-tensor"] === true };
  process.stdout.write(
    options.json === true
      ? `${toJson(valueClipDocumentOf(review, context), 2)}\n`
      : printableLines(valueClipTextOf(review, context)),
  );
  return 0;
}

function whyNone(unmeasured: number, takenAs: "gradient" | undefined): string {
  if (unmeasured > 0) {
    return "no gradient in it could be measured.";
  }
  const hint =
    takenAs === undefined ? " If its tensors are gradients under the names of weights, add --kind gradient." : "";
  return `no tensor is taken as a gradient; give a checkpoint that holds gradients.${hint}`;
}

/** Tensors in the same bytes as one before them are left out, as they are from a global norm. */
function createGradientFilter(takenAs: "gradient" | undefined): (tensor: TensorEntry) => boolean {
  const isTied = createTieFinder();
  return (tensor) => kindTakenAs(tensor, takenAs ?? "weight") === "gradient" && !isTied(tensor);
}

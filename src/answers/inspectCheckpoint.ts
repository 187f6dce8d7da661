import { formatBytes, formatNumber } from "#core/format.ts";
import type { Place } from "#core/place.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { GlobalNorms, TensorDescription, TensorKind, TensorNorms } from "#core/tensor.ts";
import { describeAge } from "./age.ts";
import { composeAnswer } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import type { FileAccess } from "./fileAccess.ts";
import { count } from "./listRuns.ts";
import { nameFilter } from "./nameFilter.ts";
import { PATH_CHARACTERS, placeOf } from "./readRun.ts";
import type { InspectCheckpointInput } from "./toolInputs.ts";

/** What a checkpoint holds and, where it is asked for, how large its tensors are. */
export async function inspectCheckpoint(
  input: InspectCheckpointInput,
  access: FileAccess,
  mostBytes: number,
): Promise<string> {
  const place = await placeOf(input.path, access);
  return input.compute === true ? measure(place, input, access, mostBytes) : list(place, input, access, mostBytes);
}

async function list(
  place: Place,
  input: InspectCheckpointInput,
  access: FileAccess,
  mostBytes: number,
): Promise<string> {
  const { format, bytes, tensors, notes } = await access.indexCheckpoint(place.path, input.kind);
  const isWanted = nameFilter(input.tensor);
  return composeAnswer(
    {
      head: [
        headLine(place, { format, bytes, tensors }, access.nowMs),
        `${kindCounts(tensors)}. Element types: ${[...new Set(tensors.map(({ dtype }) => dtype))].join(", ")}.`,
        "Only the header was read; ask with compute for norms, NaN and Inf. The largest first:",
      ],
      items: tensors.filter(({ name }) => isWanted(name)).toSorted((a, b) => b.elements - a.elements),
      rowOf: describeTensor,
      what: "tensors",
      page: input,
      tail: describeNotes(notes),
    },
    mostBytes,
  );
}

async function measure(
  place: Place,
  input: InspectCheckpointInput,
  access: FileAccess,
  mostBytes: number,
): Promise<string> {
  const { format, bytes, tensors, globals, notes } = await access.computeNorms(place.path, input.kind);
  const isWanted = nameFilter(input.tensor);
  return composeAnswer(
    {
      head: [
        headLine(place, { format, bytes, tensors }, access.nowMs),
        ...TENSOR_KINDS.flatMap((kind) => globalLine(kind, globals[kind])),
        "L2 norms in the units of the stored values; NaN and Inf first, then the largest root mean square:",
      ],
      items: worstFirst(tensors.filter(({ name }) => isWanted(name))),
      rowOf: (tensor) => `${describeTensor(tensor)}: ${describeMeasured(tensor)}`,
      what: "tensors",
      page: input,
      tail: describeNotes(notes),
    },
    mostBytes,
  );
}

interface Facts {
  readonly format: string;
  readonly bytes: number;
  readonly tensors: readonly TensorDescription[];
}

function headLine({ path, modifiedMs }: Place, { format, bytes, tensors }: Facts, nowMs: number): string {
  const what = `${format}, ${formatBytes(bytes)}, ${count(tensors.length, "tensor")}`;
  return `Checkpoint ${quoteData(path, PATH_CHARACTERS)}: ${what}, ${describeAge(modifiedMs, nowMs)}.`;
}

function kindCounts(tensors: readonly TensorDescription[]): string {
  const counts = TENSOR_KINDS.map((kind) => [tensors.filter((one) => one.kind === kind), kind] as const);
  return counts
    .filter(([some]) => some.length > 0)
    .map(
      ([some, kind]) =>
        `${kind}: ${some.length} with ${some.reduce((sum, { elements }) => sum + elements, 0)} elements`,
    )
    .join("; ");
}

function globalLine(kind: TensorKind, norms: GlobalNorms | undefined): string[] {
  if (norms === undefined) {
    return [];
  }
  const { l2, linf, tensors, nan, posInf, negInf } = norms;
  const broken = `${nan} NaN, ${posInf + negInf} Inf`;
  return [
    `All ${count(tensors, `${kind} tensor`)}: norm ${formatNumber(l2)}, largest |x| ${formatNumber(linf)}, ${broken}.`,
  ];
}

function describeTensor({ name, parameter, kind, dtype, shape }: TensorDescription): string {
  const of = parameter === undefined || parameter === name ? "" : ` of ${quoteData(parameter)}`;
  return `- ${quoteData(name)}${of} ${kind} ${dtype} [${shape.join(", ")}]`;
}

function describeMeasured({ l2, rms, linf, nan, posInf, negInf }: TensorNorms): string {
  const broken = nan + posInf + negInf === 0 ? "" : `, ${nan} NaN, ${posInf} Inf, ${negInf} -Inf`;
  return `norm ${formatNumber(l2)}, rms ${formatNumber(rms)}, largest |x| ${formatNumber(linf)}${broken}`;
}

function worstFirst(tensors: readonly TensorNorms[]): TensorNorms[] {
  return tensors.toSorted((a, b) => size(b) - size(a)).toSorted((a, b) => nonFinite(b) - nonFinite(a));
}

/** The rms of a tensor with NaN is none, and it stands above the others already. */
function size({ rms }: TensorNorms): number {
  return Number.isFinite(rms) ? rms : 0;
}

function nonFinite({ nan, posInf, negInf }: TensorNorms): number {
  return nan + posInf + negInf;
}

const MOST_NOTES = 3;

function describeNotes(notes: readonly string[]): string[] {
  const more = notes.length - MOST_NOTES;
  return [
    ...notes.slice(0, MOST_NOTES).map((note) => `Note: ${quoteData(note, PATH_CHARACTERS)}`),
    ...(more > 0 ? [`There are ${more} more notes.`] : []),
  ];
}

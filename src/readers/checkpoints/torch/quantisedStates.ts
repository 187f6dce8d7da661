import type { ByteRange } from "#core/coding.ts";
import type { DType } from "#core/dtype.ts";
import type { TensorEntry, TensorKind } from "#core/tensor.ts";
import type { TensorPart } from "#core/tensorPart.ts";

/**
 * The states of bitsandbytes' optimizers, `state1` and `state2`: in 8 bits they are codes, with a table `qmap1` and scales
 * `absmax1` beside them, and are shown as the float32 they stand for. Small ones are float32 as they are.
 */
export function withQuantisedStates(tensors: readonly TensorEntry[]): readonly TensorEntry[] {
  if (!tensors.some(({ name }) => STATE.test(name))) {
    return tensors;
  }
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return tensors.map((tensor) => {
    const [, path = "", number = ""] = STATE.exec(tensor.name) ?? [];
    const hasBoth = byName.has(`${path}state1`) && byName.has(`${path}state2`);
    const kind = hasBoth ? (KINDS[number] ?? tensor.kind) : tensor.kind;
    const state = {
      codes: tensor,
      table: byName.get(`${path}qmap${number}`),
      scales: byName.get(`${path}absmax${number}`),
    };
    if (number === "" || tensor.dtype === "F32") {
      return number === "" ? tensor : { ...tensor, kind };
    }
    const part = codebookPart(state);
    return part === undefined ? tensor : { ...tensor, kind, dtype: "F32", parts: [part] };
  });
}

const STATE = /^(.*\/)state([12])$/;
/** With both there are two moments; what a single one is depends on the optimizer, which is not in the file. */
const KINDS: Readonly<Record<string, TensorKind>> = { "1": "moment1", "2": "moment2" };

/** Codes of one byte, their table and the scales of their blocks. */
export interface QuantisedState {
  readonly codes: Pick<TensorEntry, "dtype" | "elements" | "parts">;
  readonly table: Pick<TensorEntry, "dtype" | "elements" | "parts"> | undefined;
  readonly scales: Pick<TensorEntry, "dtype" | "elements" | "parts"> | undefined;
}

const TABLE_NUMBERS = 256;

/**
 * The codes as float32. Of the block sizes the first one counts that fits the number of scales. Undefined where the three do
 * not fit each other, or do not lie as they are in one file.
 */
export function codebookPart(
  { codes, table, scales }: QuantisedState,
  blocks: readonly number[] = BLOCKS,
): TensorPart | undefined {
  const blockElements = blocks.find((size) => fitsScales(size, codes.elements, scales?.elements));
  const [own, numbers, factors] = [plainPart(codes, "U8"), plainPart(table, "F32"), plainPart(scales, "F32")];
  if (blockElements === undefined || own === undefined || numbers?.file !== own.file || factors?.file !== own.file) {
    return undefined;
  }
  return table?.elements === TABLE_NUMBERS
    ? { ...own, codings: [{ kind: "codebook", table: rangeOf(numbers), scales: rangeOf(factors), blockElements }] }
    : undefined;
}

function fitsScales(block: number, elements: number, scales: number | undefined): boolean {
  return Number.isSafeInteger(block) && block > 0 && Math.ceil(elements / block) === scales;
}

/** bitsandbytes takes 256, before 0.45 it took 2048. */
const BLOCKS: readonly number[] = [256, 2048, 4096, 1024, 512, 128, 64];

function plainPart(tensor: QuantisedState["table"], dtype: DType): TensorPart | undefined {
  const [part, ...others] = tensor?.dtype === dtype ? tensor.parts : [];
  return part?.codings === undefined && part?.strides === undefined && others.length === 0 ? part : undefined;
}

function rangeOf({ offset, byteLength }: TensorPart): ByteRange {
  return { offset, byteLength };
}

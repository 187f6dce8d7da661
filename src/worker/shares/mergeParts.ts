import type { SpanSums } from "#core/spanSums.ts";
import type { TensorEntry, TensorNorms } from "#core/tensor.ts";
import type { NormsPart, PartTensor } from "#protocol/normsPart.ts";
import type { CheckpointNorms } from "#protocol/workerAnswers.ts";
import { globalNorms } from "#reduction/globals.ts";
import { joinSpans } from "#reduction/spanSums.ts";
import { t } from "@vscode/l10n";
import { alternativesOf } from "../checkpoints/takenAs.ts";
import { toNorms } from "../norms/tensorNorms.ts";
import { createUnmeasured } from "../norms/unmeasured.ts";

export interface MergeOptions {
  /** Also the global norms of every other kind that tensors might be of; nothing when `--kind` has said it. */
  readonly hasAlternatives?: boolean;
}

/**
 * The norms of a checkpoint from all its shares, in any order: what one run gives, to the bit. Throws when the tensors'
 * chunks are not all there.
 */
export function mergeParts(
  parts: readonly [NormsPart, ...NormsPart[]],
  { hasAlternatives = false }: MergeOptions = {},
): CheckpointNorms {
  const ordered = parts.toSorted((a, b) => a.share.index - b.share.index);
  const [first = parts[0]] = ordered;
  const unmeasured = createUnmeasured();
  ordered
    .flatMap(({ refused }) => refused)
    .forEach(({ why, ...tensor }) => unmeasured.add({ ...tensor, parts: [] }, why));
  const measured: { readonly norms: TensorNorms; readonly spans: Spans }[] = [];
  for (const spans of tensorsOf(ordered)) {
    const [tensor] = spans;
    const sums = spans.map((span) => span.sums).filter((each): each is SpanSums => each !== null);
    if (sums.length === spans.length) {
      measured.push({ norms: toNorms(tensor, joinSpans(tensor, sums)), spans });
    } else {
      const damage = spans.find((span) => span.damage !== undefined)?.damage ?? t("Its data are damaged.");
      unmeasured.add(entryOf(tensor), damage);
    }
  }
  const others = ordered.flatMap(({ notes }) => notes).filter((note) => !first.notes.includes(note));
  const whole = measured.map(({ norms, spans: [tensor] }) => ({ ...norms, ...entryOf(tensor) }));
  return {
    format: first.format,
    files: first.files,
    bytes: first.bytes,
    tensors: measured.map(({ norms }) => norms),
    unmeasured: unmeasured.all,
    globals: globalNorms(whole),
    alternatives: hasAlternatives && first.fingerprint.options.kind === null ? alternativesOf(whole) : [],
    engine: { ...first.fingerprint.engine, threads: Math.max(...ordered.map(({ threads }) => threads)), rates: [] },
    readBytes: measured.reduce((total, { spans: [tensor] }) => total + tensor.bytes, 0),
    seconds: Math.max(...ordered.map(({ seconds }) => seconds)),
    notes: [...first.notes, ...new Set(others), ...unmeasured.notes()],
  };
}

/** A tensor's spans in the shares, in the order of its chunks. */
type Spans = readonly [PartTensor, ...PartTensor[]];

function tensorsOf(parts: readonly NormsPart[]): readonly Spans[] {
  const byPlace: [PartTensor, ...PartTensor[]][] = [];
  for (const { share, tensors } of parts) {
    for (const tensor of tensors) {
      const spans = byPlace[tensor.place];
      const end = spans?.at(-1)?.chunks.end ?? 0;
      if (tensor.chunks.first !== end) {
        throw new Error(
          t("{0}: share {1} begins with chunk {2}, not {3}.", tensor.name, share.index, tensor.chunks.first, end),
        );
      }
      if (spans === undefined) {
        byPlace[tensor.place] = [tensor];
      } else {
        spans.push(tensor);
      }
    }
  }
  const count = parts[0]?.tensorCount ?? 0;
  return Array.from({ length: count }, (_, place) => {
    const spans = byPlace[place];
    if (spans === undefined || spans.at(-1)?.chunks.end !== spans[0].chunks.of) {
      throw new Error(t("{0}: not all of its chunks are in the shares.", spans?.[0].name ?? t("Tensor {0}", place)));
    }
    return spans;
  });
}

/** Tied tensors are those of the same storage, wherever that lies. */
function entryOf({
  name,
  kind,
  dtype,
  shape,
  elements,
  file,
  parameter,
  isDeclared,
  storage,
}: PartTensor): TensorEntry {
  return {
    name,
    kind,
    dtype,
    shape,
    elements,
    file,
    ...(parameter === undefined ? {} : { parameter }),
    ...(isDeclared === undefined ? {} : { isDeclared }),
    parts: [{ file: "", offset: storage, byteLength: 0 }],
  };
}

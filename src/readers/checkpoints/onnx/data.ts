import type { NotRead } from "#core/checkpoint.ts";
import type { Coding } from "#core/coding.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { decodedBytes, inOnePiece, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { type ExternalFiles, locateExternal } from "./external.ts";
import type { OnnxList, OnnxTensor } from "./tensor.ts";
import { ONNX_TYPES, type OnnxListType } from "./types.ts";
import { tensorKind } from "../shared/tensorKind.ts";
import { describeTensor, sizeOf, trimmed } from "../shared/tensorSize.ts";
import type { LocatedData } from "./locatedData.ts";

export interface OnnxPlace {
  /** The model's own file. */
  readonly file: string;
  readonly external: ExternalFiles;
}

/** Where a tensor's elements lie, or what it is that has no norm. */
export async function locateTensor(tensor: OnnxTensor, place: OnnxPlace): Promise<Outcome<TensorEntry | NotRead>> {
  const { name, dims: shape, at } = tensor;
  const type = ONNX_TYPES.get(tensor.type);
  if (type?.dtype === undefined || type.list === undefined) {
    return ok({ name, what: t("a tensor of {0}", type?.name ?? t("element type {0}", tensor.type)) });
  }
  const { dtype, list } = type;
  const described = (): string => describeTensor(name, type.name, shape);
  const size = sizeOf(dtype, shape);
  if (size === undefined) {
    return malformed(at, t("{0} has more than 2^53 bits. Save the file again.", described()));
  }
  if (!size.isWhole) {
    return ok({ name, what: t("a tensor of {0} that ends inside a byte", type.name) });
  }
  const data = await locateData(tensor, { list, described, bytes: size.bytes }, place);
  if (data.kind !== "ok") {
    return data;
  }
  if ("what" in data.value) {
    return ok({ name, ...data.value });
  }
  const file = data.value.parts[0]?.file ?? place.file;
  const kind = tensorKind({ name, dtype, file, declared: undefined });
  return ok({ name, kind, dtype, shape: trimmed(shape), elements: size.elements, file, ...data.value });
}

interface Wanted {
  readonly list: OnnxListType;
  readonly described: () => string;
  /** Of all elements. */
  readonly bytes: number;
}

async function locateData(tensor: OnnxTensor, wanted: Wanted, place: OnnxPlace): Promise<Outcome<LocatedData>> {
  const { raw, lists, at, isExternal } = tensor;
  const { described, bytes } = wanted;
  if (bytes === 0) {
    return ok({ parts: inOnePiece(place.file, at, 0) });
  }
  if (isExternal) {
    return locateExternal(tensor, wanted, place.external);
  }
  if (raw === undefined && lists.length === 0) {
    return ok({ what: t("a tensor without data") });
  }
  const parts =
    raw === undefined ? listParts(lists, wanted, place.file) : inOnePiece(place.file, raw.start, raw.end - raw.start);
  if (parts === undefined) {
    return ok({ what: t("a tensor whose data are cut into several lists of numbers") });
  }
  const have = parts.reduce((total, part) => total + decodedBytes(part), 0);
  return have === bytes && parts.every(isPossible)
    ? ok({ parts })
    : malformed(at, t("{0} takes {1} bytes, but its data have {2}. Save the file again.", described(), bytes, have));
}

/** Undefined where numbers of base 128 would have to be counted to tell which part holds which. */
function listParts(
  lists: readonly OnnxList[],
  { list, bytes }: Wanted,
  file: string,
): readonly TensorPart[] | undefined {
  const own = lists.filter(({ field }) => field === list.field);
  const counted = own.reduce((total, { items = 0 }) => total + items * list.bytes, 0);
  if (own.filter(({ wire, items }) => wire === "varint" && items === undefined).length > 1) {
    return undefined;
  }
  return own.map((run): TensorPart => {
    const decoded = run.items === undefined ? bytes - counted : run.items * list.bytes;
    const coding = codingOf(run, list.bytes, decoded);
    const range = { file, offset: run.start, byteLength: run.end - run.start };
    return coding === undefined ? range : { ...range, codings: [coding] };
  });
}

/** Fixed-width items without tags are the elements as they are. */
function codingOf({ wire, isTagged }: OnnxList, bytes: OnnxListType["bytes"], decoded: number): Coding | undefined {
  if (wire === "varint") {
    return { kind: "varints", bytes, isTagged, decodedBytes: decoded };
  }
  return isTagged ? { kind: "records", skip: 1, take: bytes } : undefined;
}

/** A number of base 128 takes one to ten bytes, so a range says how many it may hold at most and at least. */
function isPossible({ byteLength, codings = [] }: TensorPart): boolean {
  return codings.every((coding) => {
    const items = coding.kind === "varints" ? coding.decodedBytes / coding.bytes : 0;
    const tag = coding.kind === "varints" && coding.isTagged ? 1 : 0;
    return coding.kind !== "varints" || (byteLength >= items * (1 + tag) && byteLength <= items * (10 + tag));
  });
}

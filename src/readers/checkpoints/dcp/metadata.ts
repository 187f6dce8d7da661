import type { ByteSource } from "#core/byteSource.ts";
import type { DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { Box } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { classNameOf, countOf, entriesOf, globalNameOf, isObject, itemsOf, textOf, valueAt } from "../pickle/access.ts";
import { readPickle } from "../pickle/readPickle.ts";
import type { PickleValue } from "../pickle/values.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { dtypeNamed } from "../torch/storage.ts";

/** What the `.metadata` of torch.distributed.checkpoint says: tensors, their chunks, and where each chunk lies. */
export interface DcpMetadata {
  readonly tensors: readonly DcpTensor[];
  /** Names of values that are no tensors. */
  readonly values: readonly string[];
  readonly items: readonly DcpItem[];
}

export interface DcpTensor {
  readonly name: string;
  /** Missing where Gradlens does not know it; `torch.bfloat16`. */
  readonly dtype: DType | undefined;
  readonly dtypeName: string;
  readonly shape: readonly number[];
  readonly chunks: readonly Box[];
}

/** A range of a file that holds one chunk or one value, as torch.save writes it. */
export interface DcpItem {
  readonly name: string;
  /** Of the chunk in its tensor; missing for a value. */
  readonly start: readonly number[] | undefined;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  /** What was done to its bytes: `stream.zstd/1`. */
  readonly transforms: readonly string[];
}

// As the header of a safetensors file.
const MAX_METADATA_BYTES = 100_000_000;

export async function readDcpMetadata(source: ByteSource): Promise<Outcome<DcpMetadata>> {
  if (source.size > MAX_METADATA_BYTES) {
    return malformed(
      0,
      t("{0} has {1} bytes; Gradlens reads up to {2}.", source.name, source.size, MAX_METADATA_BYTES),
    );
  }
  const read = await readPickle(source);
  if (read.kind !== "ok") {
    return read;
  }
  const { value } = read.value;
  const tensors = entriesOf(attribute(value, "state_dict_metadata"));
  const items = entriesOf(attribute(value, "storage_data"));
  if (tensors === undefined || items === undefined) {
    const what = t(
      "{0} is not the metadata of torch.distributed.checkpoint: it lacks state_dict_metadata or storage_data.",
      source.name,
    );
    return malformed(0, what);
  }
  return collect(tensors, items);
}

type Pairs = readonly (readonly [PickleValue, PickleValue])[];

function collect(described: Pairs, stored: Pairs): Outcome<DcpMetadata> {
  const tensors: DcpTensor[] = [];
  const values: string[] = [];
  for (const [key, value] of described) {
    const name = textOf(key) ?? "";
    if (isObject(value) && classNameOf(value).endsWith(".BytesStorageMetadata")) {
      values.push(name);
      continue;
    }
    const tensor = tensorFrom(name, value);
    if (tensor === undefined) {
      return malformed(
        0,
        t("{0}: its type, size or chunks in the metadata are not what torch writes.", tensorLabel(name)),
      );
    }
    tensors.push(tensor);
  }
  const items = stored.map(([key, value]) => itemFrom(key, value));
  const broken = items.findIndex((item) => item === undefined);
  return broken < 0
    ? ok({ tensors, values, items: items.filter((item) => item !== undefined) })
    : malformed(
        0,
        t("Item {0} of the metadata has no name, file, offset or length that torch could have written.", broken),
      );
}

function tensorFrom(name: string, value: PickleValue): DcpTensor | undefined {
  const shape = countsOf(attribute(value, "size"));
  const properties = attribute(value, "properties");
  const dtype = globalNameOf(itemsOf(isObject(properties) ? properties.state : undefined)?.[0]);
  const chunks = itemsOf(attribute(value, "chunks"))?.map((chunk) => {
    return { start: countsOf(attribute(chunk, "offsets")), shape: countsOf(attribute(chunk, "sizes")) };
  });
  if (shape === undefined || dtype === undefined || chunks === undefined) {
    return undefined;
  }
  const boxes = chunks.flatMap(({ start, shape: sizes }) => {
    return start === undefined || sizes === undefined ? [] : [{ start, shape: sizes }];
  });
  const type = { dtype: dtypeNamed(dtype), dtypeName: dtype };
  return boxes.length === chunks.length ? { name, ...type, shape, chunks: boxes } : undefined;
}

function itemFrom(key: PickleValue, value: PickleValue): DcpItem | undefined {
  const name = textOf(attribute(key, "fqn"));
  const startValue = attribute(key, "offset") ?? null;
  const start = countsOf(startValue);
  const file = textOf(attribute(value, "relative_path"));
  const offset = countOf(attribute(value, "offset"));
  const length = countOf(attribute(value, "length"));
  const isMissing = name === undefined || file === undefined || offset === undefined || length === undefined;
  if (isMissing || (startValue !== null && start === undefined)) {
    return undefined;
  }
  const transforms = itemsOf(attribute(value, "transform_descriptors"))?.map((each) => textOf(each) ?? "?") ?? [];
  return { name, start, file, offset, length, transforms };
}

/** A field of a dataclass. */
function attribute(value: PickleValue | undefined, name: string): PickleValue | undefined {
  return isObject(value) ? valueAt(value.state, name) : undefined;
}

/** Whole numbers from 0 on: a torch.Size or a tuple. */
function countsOf(value: PickleValue | undefined): readonly number[] | undefined {
  const counts = itemsOf(value)?.map((item) => countOf(item) ?? -1);
  return counts?.every((count) => count >= 0) === true ? counts : undefined;
}

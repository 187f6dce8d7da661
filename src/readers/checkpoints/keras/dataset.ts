import type { Coding } from "#core/coding.ts";
import type { DType } from "#core/dtype.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { readTexts } from "#readers/hdf5/attributes.ts";
import { type Dataset, datasetOf } from "#readers/hdf5/dataset.ts";
import type { Datatype } from "#readers/hdf5/datatype.ts";
import type { ObjectHeader } from "#readers/hdf5/objectHeader.ts";
import type { Hdf5File } from "#readers/hdf5/records.ts";
import { damaged, outcomeOf, refused } from "#readers/hdf5/refusal.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { Found } from "#readers/hdf5/walk.ts";
import { t } from "@vscode/l10n";

import { checkedProduct } from "../shared/product.ts";
import { type Hdf5Place, partsOf } from "./parts.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** A dataset of numbers. */
export interface FoundTensor {
  readonly path: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly parts: readonly TensorPart[];
}

/** Undefined for what is no dataset; `what` of one that is not read. Throws a refusal where the file is damaged. */
export async function readDataset(
  file: Hdf5File,
  { path, header }: Found,
  place: Hdf5Place,
): Promise<FoundTensor | { readonly what: string } | undefined> {
  if (header === undefined) {
    return { what: t("a link to another file, which is not followed") };
  }
  const read = await outcomeOf(async (): Promise<Outcome<FoundTensor | { readonly what: string } | undefined>> => {
    const dataset = datasetOf(header);
    return ok(dataset === undefined ? undefined : await toTensor(file, dataset, { path, header, place }));
  });
  switch (read.kind) {
    case "ok":
      return read.value;
    case "unsupported":
      return { what: t("a dataset with {0}", read.what) };
    case "malformed":
      throw refused({ ...read, what: `${tensorLabel(path)}: ${read.what}` });
    case "incomplete":
      throw refused(read);
  }
}

interface Context {
  readonly path: string;
  readonly header: ObjectHeader;
  readonly place: Hdf5Place;
}

async function toTensor(
  file: Hdf5File,
  dataset: Dataset,
  { path, header, place }: Context,
): Promise<FoundTensor | { readonly what: string }> {
  const type = await elementType(file, dataset, header);
  if (type.kind !== "number") {
    return { what: type.kind === "other" ? t("a dataset of {0}", type.what) : OTHER_KINDS[type.kind]() };
  }
  const shape = [...dataset.shape, ...type.shape];
  const elements = shape.includes(0) ? 0 : checkedProduct(shape);
  if (elements === undefined || checkedProduct([elements, type.bytes]) === undefined) {
    throw damaged(0, t("A dataset of shape [{0}] has more than 2^53 bytes.", shape.slice(0, 8).join(", ")));
  }
  const order: readonly Coding[] = type.bigEndianBytes === 0 ? [] : [{ kind: "bigEndian", bytes: type.bigEndianBytes }];
  const fill = Buffer.from(dataset.fillValue).toString("base64");
  const numbers = { ...dataset, tensorShape: shape, elementShape: type.shape, elementBytes: type.bytes, fill, order };
  const parts = await partsOf(file, numbers, place);
  return { path, dtype: type.dtype, shape, elements, parts };
}

const OTHER_KINDS = {
  text: () => t("a dataset of text"),
  opaque: () => t("a dataset of bytes without a meaning"),
};

/** Keras stores bfloat16 as bytes without a meaning, and says in an attribute what they are. */
async function elementType(file: Hdf5File, { type }: Dataset, header: ObjectHeader): Promise<Datatype> {
  if (type.kind === "opaque" && type.bytes === 2 && (await readTexts(file, header)).get("dtype") === "bfloat16") {
    return { kind: "number", dtype: "BF16", bytes: 2, bigEndianBytes: 0, shape: [] };
  }
  return type;
}

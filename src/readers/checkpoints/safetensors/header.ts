import type { PlainDType } from "#core/dtype.ts";
import { malformed, ok, type Outcome, type ReadFailure, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import {
  failJson,
  finishJson,
  type JsonCursor,
  readItems,
  readMembers,
  readString,
  readUnsigned,
  skipNull,
  skipValue,
  startJson,
} from "../shared/jsonCursor.ts";
import { checkTensor, type HeaderTensor } from "./layout.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

export interface Header {
  readonly tensors: readonly HeaderTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The JSON of a header; `start` is its place in the file, for messages. Unknown fields of a tensor are allowed. */
export function parseHeader(bytes: Uint8Array, start: number): Outcome<Header> {
  const cursor = startJson(bytes);
  const draft: Draft = { names: new Set(), tensors: [], metadata: new Map(), failure: undefined };
  readMembers(cursor, (name, offset) => {
    if (draft.names.has(name)) {
      failJson(
        cursor,
        t("{0}: listed twice in the header. Save the file again with unique names.", tensorLabel(name)),
        offset,
      );
    }
    draft.names.add(name);
    if (name === "__metadata__") {
      readMetadata(cursor, draft.metadata);
    } else {
      readTensor(cursor, draft, { name, offset: start + offset });
    }
  });
  finishJson(cursor);
  if (cursor.failure !== undefined) {
    return malformed(start + cursor.failure.offset, cursor.failure.what);
  }
  return draft.failure ?? ok({ tensors: draft.tensors, metadata: Object.fromEntries(draft.metadata) });
}

/** What has been read so far. JSON that cannot be read goes before a tensor that cannot be right. */
interface Draft {
  readonly names: Set<string>;
  readonly tensors: HeaderTensor[];
  readonly metadata: Map<string, string>;
  failure: ReadFailure | undefined;
}

function readMetadata(cursor: JsonCursor, metadata: Map<string, string>): void {
  if (!skipNull(cursor)) {
    readMembers(cursor, (key) => metadata.set(key, readString(cursor)));
  }
}

interface Place {
  readonly name: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

interface Fields {
  dtype?: string;
  shape?: readonly number[];
  data_offsets?: readonly number[];
}

function readTensor(cursor: JsonCursor, draft: Draft, place: Place): void {
  const fields = readFields(cursor, place.name);
  const tensor = toTensor(fields, place);
  if (cursor.failure !== undefined) {
    return;
  }
  if (tensor.kind === "ok") {
    draft.tensors.push(tensor.value);
  } else {
    draft.failure ??= tensor;
  }
}

function toTensor({ dtype, shape, data_offsets: range }: Fields, { name, offset }: Place): Outcome<HeaderTensor> {
  const [begin, end, ...more] = range ?? [];
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined || more.length > 0) {
    const what = t(
      "{0}: needs dtype, shape and data_offsets with two numbers. Save the file again.",
      tensorLabel(name),
    );
    return malformed(offset, what);
  }
  if (!isSafetensorsDType(dtype)) {
    const what = t(
      "{0}: this version does not know element type {1}; the file was not read.",
      tensorLabel(name),
      tensorLabel(dtype),
    );
    return unsupported(what);
  }
  return checkTensor({ name, dtype, shape, begin, end }, offset);
}

/** Dtype of the format's reference crate; other formats have more. */
const SAFETENSORS_DTYPES: ReadonlySet<string> = new Set<PlainDType>([
  "F64",
  "F32",
  "F16",
  "BF16",
  "F8_E4M3",
  "F8_E5M2",
  "F8_E4M3FNUZ",
  "F8_E5M2FNUZ",
  "F8_E8M0",
  "F6_E2M3",
  "F6_E3M2",
  "F4",
  "C64",
  "I64",
  "I32",
  "I16",
  "I8",
  "U64",
  "U32",
  "U16",
  "U8",
  "BOOL",
]);

function isSafetensorsDType(name: string): name is PlainDType {
  return SAFETENSORS_DTYPES.has(name);
}

function readFields(cursor: JsonCursor, name: string): Fields {
  const fields: Fields = {};
  readMembers(cursor, (field, offset) => {
    if (Object.hasOwn(fields, field)) {
      failJson(cursor, t("{0}: {1} is given twice. Save the file again.", tensorLabel(name), field), offset);
    }
    switch (field) {
      case "dtype":
        fields.dtype = readString(cursor);
        break;
      case "shape":
      case "data_offsets":
        fields[field] = readNumbers(cursor, name, field);
        break;
      default:
        skipValue(cursor);
    }
  });
  return fields;
}

function readNumbers(cursor: JsonCursor, name: string, field: string): number[] {
  const numbers: number[] = [];
  const alreadyFailed = cursor.failure !== undefined;
  readItems(cursor, () => numbers.push(readUnsigned(cursor)));
  if (cursor.failure !== undefined && !alreadyFailed) {
    cursor.failure = { ...cursor.failure, what: `${tensorLabel(name)}: ${field}: ${cursor.failure.what}` };
  }
  return numbers;
}

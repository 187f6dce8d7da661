import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { createByteWindow } from "../shared/byteWindow.ts";
import { createExternalFiles } from "./external.ts";
import { type OnnxDraft, walkModel } from "./graph.ts";
import { fieldAt, MAX_MESSAGE_BYTES, type ProtobufField } from "../shared/protobuf.ts";
import type { FileReader, Probe } from "../reader.ts";

export const onnx: FileReader = { format: "onnx", recognises: looksLikeOnnx, readIndex: readOnnx };

/**
 * It has no signature: the fields that a ModelProto has, as far as the head goes, with the version of the format first or the
 * name of an ONNX file.
 */
function looksLikeOnnx({ source, head }: Probe): boolean {
  const isNamed = source.name.endsWith(".onnx");
  const numbers: number[] = [];
  for (let at = 0; at < head.length;) {
    const field = fieldAt(head, at);
    if (field === "cut") {
      break;
    }
    if (field === "wrong" || !isModelField(field)) {
      return false;
    }
    numbers.push(field.number);
    at = field.end;
  }
  const goesOn = source.size > head.length;
  return isNamed ? head.length > 0 : numbers[0] === IR_VERSION && (numbers.includes(GRAPH) || goesOn);
}

function isModelField({ number, wire, value, start, end }: ProtobufField): boolean {
  const isLong = number >= 2 && number <= 4 && end - start > MAX_NAME_BYTES;
  const isStrange = number === IR_VERSION && (value ?? MAX_VERSION) >= MAX_VERSION;
  return MODEL_FIELDS[number] === wire && !isLong && !isStrange;
}

const GRAPH = 7;
/** A producer's name; in a SavedModel the same field is the model. */
const MAX_NAME_BYTES = 1000;
const IR_VERSION = 1;
/** Thirteen so far. */
const MAX_VERSION = 100;

/**
 * ir_version, producer_name, producer_version, domain, model_version, doc_string, graph, opset_import, metadata_props,
 * training_info, functions, configuration.
 */
const MODEL_FIELDS: Readonly<Record<number, string>> = {
  1: "varint",
  2: "bytes",
  3: "bytes",
  4: "bytes",
  5: "varint",
  6: "bytes",
  7: "bytes",
  8: "bytes",
  14: "bytes",
  20: "bytes",
  25: "bytes",
  26: "bytes",
};

/**
 * Lists the tensors of an ONNX model: initializers, and constants of its nodes, in the graph and the graphs inside it. Only
 * the protobuf fields around values are read, never values.
 */
export async function readOnnx(source: ByteSource, companions: FolderSource): Promise<Outcome<CheckpointIndex>> {
  if (source.size > MAX_MESSAGE_BYTES) {
    const what = t(
      "The file has {0} bytes, but an ONNX model is at most 2 GiB: larger tensors lie in files beside it.",
      source.size,
    );
    return malformed(MAX_MESSAGE_BYTES, what);
  }
  const draft: OnnxDraft = {
    walk: { window: createByteWindow(source), fields: 0 },
    place: { file: source.name, external: createExternalFiles(companions) },
    names: new Map(),
    tensors: [],
    notRead: [],
    metadata: new Map(),
    hasGraph: false,
  };
  const failure = await walkModel(draft, { start: 0, end: source.size });
  if (failure !== undefined) {
    return failure;
  }
  if (!draft.hasGraph) {
    // The graph is the last large field; writers that stopped before it are not done.
    return { kind: "incomplete", have: source.size, need: source.size + 1 };
  }
  const { tensors, notRead } = draft;
  const metadata = Object.fromEntries(draft.metadata);
  return ok({ format: "onnx", tensors, metadata, notRead, notes: draft.place.external.notes() });
}

import type { NotRead } from "#core/checkpoint.ts";
import { malformed } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

import { type MessageRange, type FileField, readText, type Step, type Walk, walkMessage } from "./messageWalk.ts";
import { locateTensor, type OnnxPlace } from "./data.ts";
import { readTensor, startTensor } from "./tensor.ts";

/** What has been found so far. */
export interface OnnxDraft {
  readonly walk: Walk;
  readonly place: OnnxPlace;
  /** How often each name was met. */
  readonly names: Map<string, number>;
  readonly tensors: TensorEntry[];
  readonly notRead: NotRead[];
  readonly metadata: Map<string, string>;
  hasGraph: boolean;
}

/** Where a graph stands: how deep, and in which node's attribute. */
interface GraphPlace {
  readonly depth: number;
  readonly path: string;
}

// Loops inside branches inside loops are three deep.
const MAX_DEPTH = 100;
const MAX_TENSORS = 2_000_000;
const MAX_PROPERTIES = 10_000;

const TOP: GraphPlace = { depth: 0, path: "" };

/** ModelProto. */
export async function walkModel(draft: OnnxDraft, range: MessageRange): Promise<Step> {
  return walkMessage(draft.walk, range, (field) => {
    if (field.wire === "varint") {
      noteVersion(draft, field);
      return undefined;
    }
    switch (field.number) {
      case 2:
        return noteText(draft, "producer_name", field);
      case 3:
        return noteText(draft, "producer_version", field);
      case 7:
        draft.hasGraph = true;
        return walkGraph(draft, field, TOP);
      case 14:
        return noteProperty(draft, field);
      case 20:
        return walkTraining(draft, field);
      case 25:
        return walkFunction(draft, field);
      default:
        return undefined;
    }
  });
}

function noteVersion({ metadata }: OnnxDraft, { number, value }: FileField): void {
  if (number === 1 && value !== undefined) {
    metadata.set("ir_version", String(value));
  }
}

async function noteText({ walk, metadata }: OnnxDraft, key: string, field: MessageRange): Promise<Step> {
  metadata.set(key, await readText(walk, field));
  return undefined;
}

/** StringStringEntryProto: key 1, value 2. */
async function noteProperty({ walk, metadata }: OnnxDraft, range: MessageRange): Promise<Step> {
  const texts = new Map<number, string>();
  const failure = await walkMessage(walk, range, async (field) => {
    texts.set(field.number, await readText(walk, field));
    return undefined;
  });
  if (metadata.size < MAX_PROPERTIES) {
    metadata.set(texts.get(1) ?? "", texts.get(2) ?? "");
  }
  return failure;
}

/** TrainingInfoProto: graphs initialization 1 and algorithm 2. */
async function walkTraining(draft: OnnxDraft, range: MessageRange): Promise<Step> {
  return walkMessage(draft.walk, range, (field) =>
    field.wire === "bytes" && field.number <= 2
      ? walkGraph(draft, field, { depth: 1, path: field.number === 1 ? "initialization" : "algorithm" })
      : undefined,
  );
}

/** FunctionProto: name 1, node 7. */
async function walkFunction(draft: OnnxDraft, range: MessageRange): Promise<Step> {
  let path = "function";
  return walkMessage(draft.walk, range, (field) => {
    if (field.number === 1 && field.wire === "bytes") {
      return readText(draft.walk, field).then((name) => {
        path = name;
        return undefined;
      });
    }
    return field.number === 7 && field.wire === "bytes" ? walkNode(draft, field, { depth: 1, path }) : undefined;
  });
}

/** GraphProto: node 1, initializer 5, sparse_initializer 15. */
async function walkGraph(draft: OnnxDraft, range: MessageRange, place: GraphPlace): Promise<Step> {
  if (place.depth > MAX_DEPTH) {
    return malformed(range.start, t("Graphs are nested more than {0} deep. The file was not read.", MAX_DEPTH));
  }
  return walkMessage(draft.walk, range, (field) => {
    switch (field.wire === "bytes" ? field.number : 0) {
      case 1:
        return walkNode(draft, field, place);
      case 5:
        return addTensor(draft, field, { path: place.path });
      case 15:
        return addSparse(draft, field, { path: place.path });
      default:
        return undefined;
    }
  });
}

/** NodeProto: output 2, name 3, op_type 4, attribute 5, which may stand before them. */
async function walkNode(draft: OnnxDraft, range: MessageRange, place: GraphPlace): Promise<Step> {
  const { walk } = draft;
  const node = { output: "", name: "", operator: "" };
  const attributes: MessageRange[] = [];
  const failure = await walkMessage(walk, range, async (field) => {
    if (field.wire !== "bytes") {
      return undefined;
    }
    if (field.number === 5) {
      attributes.push(field);
    } else if (field.number === 2 && node.output === "") {
      node.output = await readText(walk, field);
    } else if (field.number === 3) {
      node.name = await readText(walk, field);
    } else if (field.number === 4) {
      node.operator = await readText(walk, field);
    }
    return undefined;
  });
  if (failure !== undefined) {
    return failure;
  }
  const owner = { ...node, ...place, nodePath: join(place.path, node.name === "" ? node.output : node.name) };
  for (const attribute of attributes) {
    const step = await walkAttribute(draft, attribute, owner);
    if (step !== undefined) {
      return step;
    }
  }
  return undefined;
}

interface Owner extends GraphPlace {
  readonly nodePath: string;
  readonly operator: string;
  readonly output: string;
}

/** AttributeProto: name 1, t 5, g 6, graphs 11, sparse_tensor 22. Tensors of other nodes than constants are their settings. */
async function walkAttribute(draft: OnnxDraft, range: MessageRange, owner: Owner): Promise<Step> {
  const isConstant = owner.operator === "Constant";
  const values = { path: owner.path, name: owner.output };
  let name = "";
  return walkMessage(draft.walk, range, async (field) => {
    switch (field.wire === "bytes" ? field.number : 0) {
      case 1:
        name = await readText(draft.walk, field);
        return undefined;
      case 5:
        return isConstant ? addTensor(draft, field, values) : undefined;
      case 6:
      case 11:
        return walkGraph(draft, field, { depth: owner.depth + 1, path: join(owner.nodePath, name) });
      case 22:
        return isConstant ? addSparse(draft, field, values) : undefined;
      default:
        return undefined;
    }
  });
}

interface TensorPlace {
  readonly path: string;
  /** Goes before the tensor's own. */
  readonly name?: string;
}

/** SparseTensorProto: values 1, a tensor of those that are not zero, which has the name. */
async function addSparse(draft: OnnxDraft, range: MessageRange, place: TensorPlace): Promise<Step> {
  return walkMessage(draft.walk, range, (field) =>
    field.number === 1 && field.wire === "bytes" ? addTensor(draft, field, place) : undefined,
  );
}

async function addTensor(draft: OnnxDraft, range: MessageRange, { path, name }: TensorPlace): Promise<Step> {
  const tensor = startTensor(range.start);
  const failure = await readTensor(draft.walk, range, tensor);
  if (failure !== undefined) {
    return failure;
  }
  if (draft.names.size >= MAX_TENSORS) {
    return malformed(range.start, t("The file has more than {0} tensors. It was not read.", MAX_TENSORS));
  }
  tensor.name = uniqueName(draft.names, path, name ?? tensor.name);
  const located = await locateTensor(tensor, draft.place);
  if (located.kind !== "ok") {
    return located;
  }
  if ("what" in located.value) {
    draft.notRead.push(located.value);
  } else {
    draft.tensors.push(located.value);
  }
  return undefined;
}

/** Names are unique in a model; branches of hand-made ones repeat them, and some are empty. */
function uniqueName(names: Map<string, number>, path: string, name: string): string {
  const first = name === "" ? join(path, "tensor") : name;
  const wanted = names.has(first) ? join(path, first) : first;
  const count = (names.get(wanted) ?? 0) + 1;
  names.set(wanted, count);
  return count === 1 ? wanted : `${wanted} (${count})`;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

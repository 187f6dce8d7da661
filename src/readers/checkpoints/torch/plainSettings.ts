import { classNameOf, isObject, isRecord } from "../pickle/access.ts";
import { numpyArrayOf } from "../pickle/numpyArray.ts";
import type { PickleObject, PickleValue } from "../pickle/values.ts";

/** Whether an object is of a class of settings that trainers save beside their tensors, and holds no tensor itself. */
export function isPlainSettings(object: PickleObject): boolean {
  return SETTINGS.test(classNameOf(object)) && !mayHoldTensors(object);
}

const SETTINGS = /^(argparse\.Namespace|types\.SimpleNamespace|omegaconf\.|ml_collections\.|transformers\.)/;

// Settings of a large project have a few thousand values; what is larger is worth a word.
const MOST_RECORDS = 10_000;

function mayHoldTensors(root: PickleObject): boolean {
  const seen = new Set<PickleValue>();
  const left: PickleValue[] = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (!isRecord(value) || seen.has(value)) {
      continue;
    }
    if (isTensor(value) || seen.size > MOST_RECORDS) {
      return true;
    }
    seen.add(value);
    for (const child of childrenOf(value)) {
      left.push(child);
    }
  }
  return false;
}

function isTensor(value: PickleRecord): boolean {
  return isObject(value)
    ? value.tensor !== undefined || numpyArrayOf(value) !== undefined
    : value.kind === "persistent";
}

type PickleRecord = Exclude<PickleValue, null | boolean | number | bigint | string>;

/** What a record holds, whatever it would make of it. */
function* childrenOf(value: PickleRecord): Generator<PickleValue, void, undefined> {
  if ("items" in value) {
    yield* value.items ?? [];
  }
  if (value.kind === "dict" || value.kind === "object") {
    yield* value.keys ?? [];
    yield* value.values ?? [];
  }
  if (value.kind === "object") {
    yield value.args;
    yield value.state ?? null;
  }
}

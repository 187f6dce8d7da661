import type { PickleFold } from "../pickle/machine.ts";
import { storageOf } from "./storage.ts";
import { tensorRecordOf } from "./tensorRecord.ts";

/**
 * Keeps of a tensor's call what the tensor is, and of a reference what the storage is: a third of what the calls take. Shapes
 * and strides that many tensors have are kept once.
 */
export function createTensorFold(): PickleFold {
  const once = createListCache();
  return {
    object(object) {
      const record = tensorRecordOf(object);
      if (record?.kind !== "strided" || record.isSparse === true) {
        return object;
      }
      const { kind, storage, dtype, offset, shape, strides } = record;
      const tensor = { kind, storage, dtype, offset, shape: once(shape), strides: once(strides) };
      return { kind: "object", callable: object.callable, args: null, tensor };
    },
    persistent(record) {
      const storage = storageOf(record);
      return storage === undefined ? record : { kind: "persistent", id: null, storage };
    },
  };
}

// Models have a handful of shapes; of a file that has more, the others are kept each for itself.
const MAX_LISTS = 10_000;

function createListCache(): (list: readonly number[]) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (list) => {
    const key = list.join();
    const before = known.get(key);
    if (before === undefined && known.size < MAX_LISTS) {
      known.set(key, list.slice());
    }
    return before ?? known.get(key) ?? list;
  };
}

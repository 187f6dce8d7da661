import type { Pickled, Written } from "./pickle.ts";
import { bytesOf } from "./safetensors.ts";
import { tensor, type TestStorage, torchZip } from "./torch.ts";

/** Writes a tensor in float32 into the file that is made; its shape is `[values.length]` unless it is given. */
export type AddTensor = (values: readonly number[], shape?: readonly number[]) => Written;

/** What torch.save writes for a value that tensors were added to. */
export function torchFile(build: (add: AddTensor) => Pickled): Uint8Array {
  const storages: TestStorage[] = [];
  const root = build((values, shape = [values.length]) => {
    const data = bytesOf(Float32Array.from(values));
    const storage = { key: String(storages.length), type: "Float", elements: values.length, data };
    storages.push(storage);
    const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    return tensor({ storage, size: shape, stride });
  });
  return torchZip(root, storages);
}

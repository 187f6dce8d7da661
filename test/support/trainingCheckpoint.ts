import { call, list, name, type Written } from "./pickle.ts";
import { bytesOf } from "./safetensors.ts";
import { tensor, torchZip, type TestStorage } from "./torch.ts";

export interface TestParameter {
  readonly name: string;
  readonly size: readonly number[];
  /** Of every element Adam's second moment; 0.01 when it is missing. */
  readonly secondMoment?: number;
}

const PARAMETERS: readonly TestParameter[] = [
  { name: "wte.weight", size: [4, 2] },
  { name: "h.0.mlp.weight", size: [2, 3] },
  { name: "h.0.mlp.bias", size: [3] },
];

/** What a training saves with torch: a model, and AdamW's state of every parameter, which torch only numbers. */
export function trainingCheckpoint(parameters: readonly TestParameter[] = PARAMETERS): Uint8Array {
  const storages: TestStorage[] = [];
  const filled = (size: readonly number[], value: number): Written => {
    const elements = product(size);
    const data = bytesOf(new Float32Array(elements).fill(value));
    const storage = { key: String(storages.length), type: "Float", elements, data };
    storages.push(storage);
    return tensor({ storage, size, stride: size.map((_, axis) => product(size.slice(axis + 1))) });
  };
  const model = Object.fromEntries(parameters.map(({ name: own, size }) => [own, filled(size, 1)]));
  const state = new Map(
    parameters.map(({ size, secondMoment = 0.01 }, id) => [
      id,
      { step: filled([], 300), exp_avg: filled(size, 0.1), exp_avg_sq: filled(size, secondMoment) },
    ]),
  );
  const group = { lr: 1, params: list(parameters.map((_, id) => id)) };
  const args = call(name("project.settings", "Settings"), []);
  return torchZip({ model, optimizer: { state, param_groups: list([group]) }, args }, storages);
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}

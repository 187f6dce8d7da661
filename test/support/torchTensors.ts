import { bytesOf } from "./safetensors.ts";
import type { Written } from "./pickle.ts";
import { tensor, type TestStorage, type TestView } from "./torch.ts";

/** 0, 1, …, 23. */
export const VALUES: readonly number[] = Array.from({ length: 24 }, (_, value) => value);

export const FLOATS: TestStorage = { key: "0", type: "Float", elements: 24, data: bytesOf(Float32Array.from(VALUES)) };
export const WHOLE: TestView = { storage: FLOATS, size: [24], stride: [1] };
export const SQUARE: Written = tensor({ ...WHOLE, size: [4, 6], stride: [6, 1] });

import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { readOnnx } from "#readers/checkpoints/onnx/onnx.ts";

import { measureIndex } from "../../../support/measure.ts";
import { folderOf } from "../../../support/folderSource.ts";
import {
  constant,
  externalData,
  initializers,
  node,
  onnxModel,
  packed,
  type TestOnnxTensor,
  tensorProto,
} from "../../../support/onnx.ts";
import { bytesField, fixed32Field, message, textField } from "../../../support/protobuf.ts";
import { bytesOf, concat, sourceOf } from "../../../support/safetensors.ts";

const F345 = bytesOf(Float32Array.of(3, -4));

test.each<{ fault: string; tensor: Omit<TestOnnxTensor, "name"> }>([
  {
    fault: "FLOAT of shape [2] takes 8 bytes, but its data have 4",
    tensor: { type: 1, dims: [2], raw: F345.subarray(4) },
  },
  {
    fault: "FLOAT of shape [2] takes 8 bytes, but its data have 0",
    tensor: { type: 1, dims: [2], more: [packed(5, [1])] },
  },
  { fault: "has more than 2^53 bits", tensor: { type: 1, dims: [2 ** 31, 2 ** 31], raw: F345 } },
  { fault: "a negative or huge dimension", tensor: { type: 1, dims: [-2], raw: F345 } },
  { fault: "a negative or huge dimension", tensor: { type: 1, dims: [2n ** 60n], raw: F345 } },
  { fault: "more than 64 dimensions", tensor: { type: 1, dims: Array.from({ length: 65 }, () => 1), raw: F345 } },
  { fault: "INT64 of shape [100] takes 800 bytes", tensor: { type: 7, dims: [100], more: [packed(7, [1, 2])] } },
  {
    fault: "a value of another kind is in its list",
    tensor: { type: 7, dims: [1], more: [fixed32Field(7, F345.subarray(4))] },
  },
  {
    fault: "cut into more than 1000 lists",
    tensor: { type: 1, dims: [2], more: Array.from({ length: 1001 }, () => bytesField(4, F345)) },
  },
  { fault: "external_data needs a location", tensor: { type: 1, dims: [2], more: externalData({ offset: "0" }) } },
  {
    fault: "external_data needs a location",
    tensor: { type: 1, dims: [2], more: externalData({ location: "w", offset: "-1" }) },
  },
  {
    fault: "but external_data says 9",
    tensor: { type: 1, dims: [2], more: externalData({ location: "w", length: "9" }) },
  },
  {
    fault: "more than 100 entries",
    tensor: { type: 1, dims: [2], more: Array.from({ length: 101 }, (_, at) => externalData({ [at]: "" })).flat() },
  },
])("a tensor with $fault is malformed", async ({ fault, tensor }) => {
  const outcome = await index(onnxModel(...initializers({ name: "", ...tensor })));
  expect(outcome.kind === "malformed" && outcome.what).toContain(fault);
});

test("a list whose numbers are not as many as the shape says is refused while it is decoded", async () => {
  const few = onnxModel(...initializers({ name: "t", type: 7, dims: [3], more: [packed(7, [300, 4])] }));
  await expect(measureIndex(await index(few), { "m.onnx": few })).rejects.toThrow(
    "end after 16 bytes; 24 were expected",
  );
  const many = onnxModel(...initializers({ name: "t", type: 7, dims: [1], more: [packed(7, [1, 2])] }));
  await expect(measureIndex(await index(many), { "m.onnx": many })).rejects.toThrow(
    "more numbers than the 1 it should",
  );
});

test("graphs nested a hundred and one deep are refused without going deeper", async () => {
  let graph = bytesField(5, tensorProto({ name: "w", type: 1, dims: [2], raw: F345 }));
  for (let depth = 0; depth < 101; depth += 1) {
    graph = node("If", "y", message(textField(1, "g"), bytesField(6, graph)));
  }
  expect(await index(onnxModel(graph))).toMatchObject({
    kind: "malformed",
    what: "Graphs are nested more than 100 deep. The file was not read.",
  });
});

test("a file cut off anywhere is incomplete or has all its tensors, and never rejects", async () => {
  const tensors = [
    { name: "W", type: 1, dims: [2], raw: F345 },
    { name: "V", type: 7, dims: [2], more: [packed(7, [3, 4])] },
  ];
  const file = onnxModel(
    constant("c", tensorProto({ name: "", type: 1, dims: [2], raw: F345 })),
    ...initializers(...tensors),
  );
  const endOfGraph = file.length - 4;
  for (let length = 0; length < file.length; length += 1) {
    const outcome = await index(file.subarray(0, length));
    expect([length, outcome.kind]).toEqual([length, length === endOfGraph ? "ok" : "incomplete"]);
  }
});

test("a file with any byte changed gives an outcome", async () => {
  const file = onnxModel(...initializers({ name: "W", type: 1, dims: [2], raw: F345 }));
  for (const change of [0x01, 0x80, 0xff]) {
    for (let at = 0; at < file.length; at += 1) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ change;
      expect((await index(changed)).kind).toMatch(/^(ok|incomplete|malformed)$/);
    }
  }
});

test("a file larger than protobuf allows is malformed before anything of it is read", async () => {
  const source = { name: "m.onnx", size: 2 ** 31, read: async () => Promise.reject(new Error("read")) };
  const outcome = await readOnnx(source, folderOf());
  expect(outcome.kind === "malformed" && outcome.what).toContain("an ONNX model is at most 2 GiB");
});

test("a hundred thousand small tensors are all listed", async () => {
  const tensors = Array.from({ length: 100_000 }, (_, at) => ({
    name: `w${at}`,
    type: 1,
    dims: [1],
    raw: F345.subarray(4),
  }));
  const outcome = await index(onnxModel(concat(tensors.flatMap((each) => initializers(each)))));
  expect(outcome.kind === "ok" && outcome.value.tensors.length).toBe(100_000);
});

async function index(bytes: Uint8Array): Promise<Outcome<CheckpointIndex>> {
  return readOnnx(sourceOf(bytes, "m.onnx"), folderOf());
}

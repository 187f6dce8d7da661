import { join } from "node:path";
import { gradientLike } from "../reduction/engines.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import type { TestTensor } from "../support/safetensors.ts";

const MiB = 1024 * 1024;

/** 40 MiB in two shards with an index: long tensors that several tasks share, short ones, one with a NaN, one without elements. */
export async function writeCheckpoint(folder: TestFolder): Promise<string> {
  const broken = gradientLike((6 * MiB) / 4);
  broken[1_200_000] = Number.NaN;
  const shards: Record<string, Record<string, TestTensor>> = {
    "model-00001-of-00002.safetensors": {
      "embed.weight": float32(gradientLike((21 * MiB) / 4)),
      "embed.bias": float32(gradientLike(100)),
      empty: { dtype: "F32", shape: [0], data: new Uint8Array() },
    },
    "model-00002-of-00002.safetensors": {
      "head.weight": float32(broken),
      "head.scale": {
        dtype: "F64",
        shape: [MiB],
        data: bytesOf(Float64Array.from(gradientLike(MiB), (x) => x * 1e300)),
      },
      "head.half": {
        dtype: "BF16",
        shape: [2, MiB],
        data: bytesOf(new Uint16Array(2 * MiB).map((_, at) => at % 0x7f00)),
      },
    },
  };
  const names: Record<string, string> = {};
  for (const [file, tensors] of Object.entries(shards)) {
    await folder.write(file, safetensorsFile(tensors));
    Object.keys(tensors).forEach((name) => (names[name] = file));
  }
  const index = "model.safetensors.index.json";
  await folder.write(index, JSON.stringify({ metadata: {}, weight_map: names }));
  return join(folder.path, index);
}

function float32(values: Float32Array): TestTensor {
  return { dtype: "F32", shape: [values.length], data: bytesOf(values) };
}

type Document = Record<string, unknown> & { readonly engine: Record<string, unknown> };

/** What `gradlens norms --json` printed, without what the clock says. */
export function withoutTimes(json: string): unknown {
  const documents = JSON.parse(json) as Document[];
  return documents.map((document) => ({ ...document, seconds: 0, engine: { ...document.engine, rates: [] } }));
}

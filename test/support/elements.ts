import { openPart } from "./openPart.ts";
import type { TensorEntry, TensorStatistics } from "#core/tensor.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { type TestFiles, toBytes } from "./folderSource.ts";

/** What a tensor's elements in the files of a test come to; a text when they cannot be reduced. */
export async function statisticsIn(files: TestFiles, entry: TensorEntry): Promise<TensorStatistics | string> {
  const outcome = await reduceTensor(createScriptEngine(), {
    entry,
    open: (part) =>
      openPart(part, async (target, offset) => {
        const bytes = toBytes(files[part.file] ?? "");
        if (offset + target.length > bytes.length) {
          throw new RangeError(`${part.file} has ${bytes.length} bytes`);
        }
        target.set(bytes.subarray(offset, offset + target.length));
      }),
  });
  return outcome.kind === "ok" ? outcome.value : outcome.kind === "incomplete" ? "incomplete" : outcome.what;
}

/** Norms by name, of those that can be reduced. */
export async function normsIn(files: TestFiles, tensors: readonly TensorEntry[]): Promise<Record<string, number>> {
  const norms: Record<string, number> = {};
  for (const tensor of tensors) {
    const statistics = await statisticsIn(files, tensor);
    if (typeof statistics !== "string") {
      norms[tensor.name] = statistics.l2;
    }
  }
  return norms;
}

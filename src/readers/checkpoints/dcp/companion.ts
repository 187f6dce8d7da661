import type { FolderSource } from "#core/byteSource.ts";

import { entriesOf, textOf } from "../pickle/access.ts";
import { openTorchZip } from "../pytorchZip.ts";

/** Files of torch.save that say where a training stood: Lightning's, and Megatron's. */
const COMPANIONS: readonly string[] = ["meta.pt", "common.pt"];
// They hold settings and random states; one that holds tensors of a model is none of them.
const MAX_COMPANION_BYTES = 10_000_000;

/** Numbers and texts at the top of such files beside a save. One that cannot be read says nothing. */
export async function plainValuesIn(
  folder: FolderSource,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found: [string, string][] = [];
  for (const path of COMPANIONS.filter((name) => paths.includes(name))) {
    const source = await folder.open(path);
    const opened = source === undefined || source.size > MAX_COMPANION_BYTES ? undefined : await openTorchZip(source);
    for (const [key, value] of opened?.kind === "ok" ? (entriesOf(opened.value.root) ?? []) : []) {
      const name = textOf(key);
      if (name !== undefined && (typeof value === "number" || typeof value === "string")) {
        found.push([name, String(value)]);
      }
    }
  }
  return Object.fromEntries(found);
}

import type { FolderSource } from "#core/byteSource.ts";

import { entriesOf, textOf } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";
import { openTorchZip } from "../torch/pytorchZip.ts";

/** Files of torch.save that say where a training stood: Lightning's, and Megatron's. */
const COMPANIONS: readonly string[] = ["meta.pt", "common.pt"];
// They hold settings and random states; one that holds tensors of a model is none of them.
const MAX_COMPANION_BYTES = 10_000_000;

/** Numbers and texts at the top of such files beside a save. One that cannot be read says nothing. */
export async function plainValuesIn(
  folder: FolderSource,
  prefix: string,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found: Readonly<Record<string, string>>[] = [];
  for (const path of COMPANIONS.map((name) => prefix + name).filter((each) => paths.includes(each))) {
    const source = await folder.open(path);
    const opened = source === undefined || source.size > MAX_COMPANION_BYTES ? undefined : await openTorchZip(source);
    found.push(opened?.kind === "ok" ? plainValuesOf(opened.value.root) : {});
  }
  return Object.fromEntries(found.flatMap((values) => Object.entries(values)));
}

export function plainValuesOf(root: PickleValue): Readonly<Record<string, string>> {
  const values = (entriesOf(root) ?? []).flatMap(([key, value]) => {
    const [name, text] = [textOf(key), typeof value === "number" ? String(value) : textOf(value)];
    return name === undefined || text === undefined ? [] : [[name, text.slice(0, MAX_TEXT)] as const];
  });
  return Object.fromEntries(values);
}

const MAX_TEXT = 1000;

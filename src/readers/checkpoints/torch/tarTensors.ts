import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { countOf, itemsOf } from "../pickle/access.ts";
import { readPickle } from "../pickle/readPickle.ts";
import { keyText, type TarStorage } from "./tarStorages.ts";
import type { StridedRecord } from "./strided.ts";

const MAX_RANK = 64;

/** The member `tensors`: their number, and for each a pickle of its key, storage and type, then its shape, strides and offset. */
export async function readTarTensors(
  source: ByteSource,
  storages: ReadonlyMap<string, TarStorage>,
): Promise<Outcome<ReadonlyMap<string, StridedRecord>>> {
  const count = await readPickle(source);
  if (count.kind !== "ok") {
    return count;
  }
  const tensors = new Map<string, StridedRecord>();
  let at = count.value.end;
  for (let left = countOf(count.value.value) ?? 0; left > 0; left -= 1) {
    const read = await readPickle(source, at);
    if (read.kind !== "ok") {
      return read;
    }
    const [key = null, storageKey = null] = itemsOf(read.value.value) ?? [];
    const storage = storages.get(keyText(storageKey))?.reference;
    const layout = await readLayout(source, read.value.end);
    if (layout.kind !== "ok") {
      return layout;
    }
    if (storage?.dtype === undefined) {
      return malformed(at, t("A tensor of the tar archive is in no storage."));
    }
    const { shape, strides, offset, end } = layout.value;
    tensors.set(keyText(key), { kind: "strided", storage, dtype: storage.dtype, shape, strides, offset });
    at = end;
  }
  return ok(tensors);
}

interface Layout {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly end: number;
}

/** The rank in four bytes and four unused ones; then sizes, strides and an offset of eight. */
async function readLayout(source: ByteSource, at: number): Promise<Outcome<Layout>> {
  if (at + 8 > source.size) {
    return { kind: "incomplete", have: source.size, need: at + 8 };
  }
  const rank = viewOf(await source.read(at, 8)).getInt32(0, true);
  if (rank < 0 || rank > MAX_RANK) {
    return malformed(at, t("A tensor of the tar archive has {0} dimensions, not 0 to {1}.", rank, MAX_RANK));
  }
  const end = at + 8 + 8 * (2 * rank + 1);
  if (end > source.size) {
    return { kind: "incomplete", have: source.size, need: end };
  }
  const view = viewOf(await source.read(at + 8, end - at - 8));
  const numbers = Array.from({ length: 2 * rank + 1 }, (_, index) => Number(view.getBigInt64(8 * index, true)));
  return ok({
    shape: numbers.slice(0, rank),
    strides: numbers.slice(rank, 2 * rank),
    offset: numbers.at(-1) ?? 0,
    end,
  });
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

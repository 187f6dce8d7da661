import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { countOf, globalNameOf, isRecord, itemsOf, textOf } from "../pickle/access.ts";
import { readPickle } from "../pickle/readPickle.ts";
import type { PickleValue } from "../pickle/values.ts";
import { elementOf } from "./storage.ts";
import type { StorageReference } from "./strided.ts";

/** A storage of the tar form. */
export interface TarStorage {
  readonly reference: StorageReference;
  /** Of its bytes, in the member. */
  readonly offset: number;
}

const COUNT_BYTES = 8;

/**
 * The member `storages`: their number; for each a pickle of key, location and type, the number of its elements, and they;
 * then a pickle of the views, which some files lack.
 */
export async function readTarStorages(source: ByteSource): Promise<Outcome<ReadonlyMap<string, TarStorage>>> {
  const count = await readPickle(source);
  if (count.kind !== "ok") {
    return count;
  }
  const storages = new Map<string, TarStorage>();
  let at = count.value.end;
  for (let left = countOf(count.value.value) ?? 0; left > 0; left -= 1) {
    const read = await readStorage(source, at);
    if (read.kind !== "ok") {
      return read;
    }
    const { reference, offset } = read.value;
    storages.set(reference.key, read.value);
    at = offset + reference.elements * reference.width;
  }
  return at < source.size ? addViews(source, at, storages) : ok(storages);
}

async function readStorage(source: ByteSource, at: number): Promise<Outcome<TarStorage>> {
  const read = await readPickle(source, at);
  if (read.kind !== "ok") {
    return read;
  }
  const [key, , type] = itemsOf(read.value.value) ?? [];
  const element = elementOf(globalNameOf(type) ?? "");
  const { end } = read.value;
  if (key === undefined || element === undefined) {
    return malformed(at, t("A storage of the tar archive has no key or type."));
  }
  if (end + COUNT_BYTES > source.size) {
    return { kind: "incomplete", have: source.size, need: end + COUNT_BYTES };
  }
  const counts = await source.read(end, COUNT_BYTES);
  const elements = Number(new DataView(counts.buffer, counts.byteOffset).getBigUint64(0, true));
  const offset = end + COUNT_BYTES;
  return offset + elements * element.width <= source.size
    ? ok({ reference: { key: keyText(key), ...element, elements, offset: 0 }, offset })
    : { kind: "incomplete", have: source.size, need: offset + elements * element.width };
}

async function addViews(
  source: ByteSource,
  at: number,
  storages: Map<string, TarStorage>,
): Promise<Outcome<ReadonlyMap<string, TarStorage>>> {
  const read = await readPickle(source, at);
  if (read.kind !== "ok") {
    return read;
  }
  for (const view of itemsOf(read.value.value) ?? []) {
    const [target = null, root = null, offset, elements] = itemsOf(view) ?? [];
    const whole = storages.get(keyText(root));
    const [first, count] = [countOf(offset), countOf(elements)];
    if (
      whole === undefined ||
      first === undefined ||
      count === undefined ||
      !(first + count <= whole.reference.elements)
    ) {
      return malformed(at, t("A view of a storage of the tar archive is not in the storage."));
    }
    const reference = { ...whole.reference, key: keyText(target), elements: count };
    storages.set(reference.key, { reference, offset: whole.offset + first * reference.width });
  }
  return ok(storages);
}

/** Keys are numbers or texts of digits. */
export function keyText(key: PickleValue): string {
  return textOf(key) ?? (isRecord(key) ? "" : String(key));
}

import type { FolderSource } from "#core/byteSource.ts";
import type { NotRead } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome, type ReadFailure, unsupported } from "#core/outcome.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

import { staysInFolder } from "../shared/insidePath.ts";
import { describeValue } from "../pickle/describe.ts";
import type { PickleValue } from "../pickle/values.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { inBlocks } from "./blocks.ts";
import { createItemReader, type OpenedItem } from "./items.ts";
import type { DcpItem, DcpMetadata } from "./metadata.ts";
import { type DcpEntry, joinChunks, keyOf } from "./tensors.ts";

/** What one save of torch.distributed.checkpoint holds. */
export interface DcpSave {
  readonly tensors: readonly DcpEntry[];
  readonly values: readonly DcpValue[];
  readonly notRead: readonly NotRead[];
  readonly notes: readonly string[];
}

/** Something that was saved beside the tensors, by its name. */
export interface DcpValue {
  readonly name: string;
  readonly value: PickleValue;
}

// A model of 70 billion parameters on 256 ranks, with its optimizer, has half a million; each takes 0.1 ms.
const MAX_ITEMS = 600_000;

/**
 * Reads where the items of a save lie. What is wrong with one tensor is said of that tensor; a file that ends too early, or
 * a path out of the folder, of the whole save. `prefix` is the folder of the save, with a `/`, or nothing.
 */
export async function readDcpSave(
  folder: FolderSource,
  prefix: string,
  metadata: DcpMetadata,
): Promise<Outcome<DcpSave>> {
  const fault = faultOf(metadata);
  if (fault !== undefined) {
    return fault;
  }
  const found = new Map<string, Outcome<OpenedItem>>();
  const missing: string[] = [];
  for (const [name, items] of Map.groupBy(metadata.items, ({ file }) => file)) {
    const read = await readFile(folder, { path: prefix + name, items, found });
    if (read.kind !== "ok") {
      return read;
    }
    missing.push(...(read.value === "missing" ? [name] : []));
  }
  const joined = joinChunks(metadata.tensors, found);
  const values = metadata.values.map((name) => ({ name, item: found.get(keyOf({ name, start: undefined })) }));
  const { kept, notRead } = sortValues(values);
  const firstFault = joined.notRead[0];
  return joined.tensors.length === 0 && firstFault !== undefined
    ? unsupported(
        t(
          "None of {0} tensors can be read. The first, {1}, is {2}.",
          metadata.tensors.length,
          firstFault.name,
          firstFault.what,
        ),
      )
    : ok({
        tensors: [...joined.tensors, ...kept.tensors],
        values: kept.values,
        notRead: [...joined.notRead, ...notRead],
        notes: missing.slice(0, MAX_MISSING).map((name) => t("{0}{1} is missing.", prefix, tensorLabel(name))),
      });
}

/** A note is a sentence, not a listing. */
const MAX_MISSING = 5;

function faultOf({ items }: DcpMetadata): ReadFailure | undefined {
  if (items.length > MAX_ITEMS) {
    return malformed(0, t("The metadata name {0} items; Gradlens reads up to {1}.", items.length, MAX_ITEMS));
  }
  const outside = items.find(({ file }) => !staysInFolder(file));
  return outside === undefined
    ? undefined
    : malformed(
        0,
        t(
          '{0}: its file "{1}" is not inside the checkpoint\'s folder. It was not opened.',
          tensorLabel(outside.name),
          tensorLabel(outside.file),
        ),
      );
}

interface ItemsOfFile {
  readonly path: string;
  readonly items: readonly DcpItem[];
  readonly found: Map<string, Outcome<OpenedItem>>;
}

async function readFile(
  folder: FolderSource,
  { path, items, found }: ItemsOfFile,
): Promise<Outcome<"read" | "missing">> {
  const source = await folder.open(path);
  if (source === undefined) {
    items.forEach((item) => found.set(keyOf(item), unsupported(t("in {0}, which is missing", tensorLabel(path)))));
    return ok("missing");
  }
  const sorted = items.toSorted((a, b) => a.offset - b.offset);
  const need = sorted.reduce((end, { offset, length }) => Math.max(end, offset + length), 0);
  if (!(need <= source.size)) {
    const what = t(
      "{0} has {1} of {2} bytes. It may still be copied; try again when it is complete.",
      tensorLabel(path),
      source.size,
      need,
    );
    return { kind: "incomplete", have: source.size, need, what };
  }
  const readItem = createItemReader({ ...inBlocks(source), name: path });
  let end = 0;
  for (const [at, item] of sorted.entries()) {
    const isShared = item.offset < end && item.offset !== sorted[at - 1]?.offset;
    if (isShared) {
      return malformed(
        item.offset,
        t(
          "{0}: its bytes in {1} overlap those of another item. Save again.",
          tensorLabel(item.name),
          tensorLabel(path),
        ),
      );
    }
    end = Math.max(end, item.offset + item.length);
    found.set(keyOf(item), describeAt(await readItem(item), item));
  }
  return ok("read");
}

/** Each reason a phrase about the tensor. */
function describeAt(outcome: Outcome<OpenedItem>, { file, offset }: DcpItem): Outcome<OpenedItem> {
  switch (outcome.kind) {
    case "ok":
    case "unsupported":
      return outcome;
    case "malformed":
      return unsupported(t("damaged in {0}, in the item at {1}: {2}", tensorLabel(file), offset, outcome.what));
    case "incomplete":
      return unsupported(
        t("cut off in {0}, in the item at {1}: {2}", tensorLabel(file), offset, describeFailure(outcome)),
      );
  }
}

interface NamedItem {
  readonly name: string;
  readonly item: Outcome<OpenedItem> | undefined;
}

interface Kept {
  readonly tensors: DcpEntry[];
  readonly values: DcpValue[];
}

/** A tensor of a class of its own is saved as a value, and may be read all the same. */
function sortValues(named: readonly NamedItem[]): { readonly kept: Kept; readonly notRead: readonly NotRead[] } {
  const kept: Kept = { tensors: [], values: [] };
  const notRead: NotRead[] = [];
  for (const { name, item } of named) {
    if (item?.kind !== "ok") {
      notRead.push({ name: tensorLabel(name), what: item?.what ?? t("a value that lies in no file") });
    } else if (item.value.kind === "value") {
      kept.values.push({ name, value: item.value.value });
    } else {
      const { dtype, shape, elements, parts } = item.value.tensor;
      kept.tensors.push({ name, dtype, shape, elements, parts, file: parts[0]?.file ?? "" });
    }
  }
  return { kept, notRead };
}

/** What a value is, where no reader can say more of it. */
export function notReadValue({ name, value }: DcpValue): NotRead {
  return { name: tensorLabel(name), what: describeValue(value) };
}

import { PbfReader } from "pbf";
import type { FieldPlace } from "../shared/eventProto.ts";
import { passOver } from "../shared/eventProto.ts";
import { createNameTable } from "../shared/nameTable.ts";
import { stepColumns } from "../shared/steps.ts";

/** The key of a history or configuration item: one name, or the names that lead through nested objects. */
export interface ItemKey {
  /** Joined with `/`, as every reader names what is nested. */
  readonly name: string;
  /** The object it is a part of, null at the top. */
  readonly parent: string | null;
  /** Within that object: `_type`, `values`, `packedBins/min`. */
  readonly part: string;
  readonly isStep: boolean;
  /** Kept by Weights & Biases for itself. */
  readonly isInternal: boolean;
}

/** The items of one row; the object is used for all rows of a read. */
export interface ItemRow {
  readonly keys: ItemKey[];
  /** Where each item's JSON lies. */
  readonly values: FieldPlace[];
  length: number;
}

export interface ItemReader {
  /** The items among a message's fields of this number, appended to the row. */
  readonly readItems: (pbf: PbfReader, message: FieldPlace, field: number) => void;
  readonly row: ItemRow;
}

export function createItemReader(): ItemReader {
  const table = createNameTable(toItemKey);
  const row: ItemRow = { keys: [], values: [], length: 0 };

  function readItem(pbf: PbfReader, end: number): void {
    const value = (row.values[row.length] ??= { start: 0, end: 0 });
    value.end = 0;
    const start = pbf.pos;
    let keyEnd = start;
    for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
      if (field === VALUE) {
        passOver(pbf, value);
      } else {
        pbf.skip(pbf.type);
        keyEnd = value.end === 0 ? pbf.pos : keyEnd;
      }
    }
    if (value.end > 0) {
      // The keys' bytes, field numbers and all, are the name in the table.
      row.keys[row.length] = table.at(pbf.dataView, start, keyEnd);
      row.length += 1;
    }
  }

  return {
    row,
    readItems(pbf, { start, end }, wanted) {
      pbf.pos = start;
      for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
        if (field === wanted) {
          const itemEnd = pbf.readVarint() + pbf.pos;
          readItem(pbf, itemEnd);
          pbf.pos = itemEnd;
        }
      }
    },
  };
}

// Of HistoryItem and ConfigItem.
const KEY = 1;
const NESTED_KEY = 2;
const VALUE = 16;

function toItemKey(fields: Uint8Array): ItemKey {
  const path: string[] = [];
  const pbf = new PbfReader(fields);
  for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) {
    if (field === KEY || field === NESTED_KEY) {
      path.push(pbf.readString());
    }
  }
  const name = path.join("/");
  const depth = path.at(-2) === "packedBins" ? 2 : 1;
  return {
    name,
    parent: path.length > depth ? path.slice(0, -depth).join("/") : null,
    part: path.slice(-depth).join("/"),
    isStep: stepColumns([name]).length > 0,
    isInternal: path[0]?.startsWith("_") ?? true,
  };
}

import { t } from "@vscode/l10n";
import { type ChunkedLayout, readChunks, type StoredChunk } from "./chunks.ts";
import { type Dataspace, parseDataspace } from "./dataspace.ts";
import { type Datatype, parseDatatype } from "./datatype.ts";
import { fillValueOf } from "./fillValue.ts";
import { type Filter, parseFilters } from "./filters.ts";
import { type Layout, parseLayout } from "./layout.ts";
import { MESSAGE, messageOf, type ObjectHeader } from "./objectHeader.ts";
import type { Hdf5File } from "./records.ts";
import { notSupported } from "./refusal.ts";

/** What an object header says of a dataset. */
export interface Dataset extends Dataspace {
  readonly type: Datatype;
  readonly layout: Layout;
  readonly filters: readonly Filter[];
  /** Of an element that was never written. */
  readonly fillValue: Uint8Array;
}

/** Undefined for an object that is none: a group, or a named type. */
export function datasetOf(header: ObjectHeader): Dataset | undefined {
  const [space, type, layout] = [MESSAGE.dataspace, MESSAGE.datatype, MESSAGE.layout].map((kind) =>
    messageOf(header, kind),
  );
  if (space === undefined || type === undefined || layout === undefined) {
    return undefined;
  }
  if (messageOf(header, MESSAGE.externalFiles) !== undefined) {
    throw notSupported(t("its elements in other files, which are not followed"));
  }
  const datatype = parseDatatype(type);
  const filters = messageOf(header, MESSAGE.filters);
  return {
    ...parseDataspace(space),
    type: datatype,
    layout: parseLayout(layout),
    filters: filters === undefined ? [] : parseFilters(filters),
    fillValue: fillValueOf(header, datatype.bytes),
  };
}

/** The chunks of a chunked dataset that are in the file. */
export function chunksOf(
  file: Hdf5File,
  { shape, limits, filters }: Dataset,
  layout: ChunkedLayout,
): AsyncGenerator<StoredChunk, void, undefined> {
  return readChunks(file, { layout, filters, shape, limits });
}

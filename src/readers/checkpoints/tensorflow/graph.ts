import type { ByteSource } from "#core/byteSource.ts";

import { parseMessage, type ProtobufField, varintAt } from "../shared/protobuf.ts";

/** The key of the string that says which object has which variable. */
export const OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";

// A hundred thousand variables take 20 MB.
const MAX_GRAPH_BYTES = 100_000_000;
/** Of the lengths. */
const CHECKSUM_BYTES = 4;

/**
 * The variables' own names by their keys, as TrackableObjectGraph tells them; undefined when it cannot be read. The string
 * lies in a data file: its length, a checksum, its bytes.
 */
export async function readFullNames(
  source: ByteSource,
  { offset, size }: { readonly offset: number; readonly size: number },
): Promise<ReadonlyMap<string, string> | undefined> {
  if (size > MAX_GRAPH_BYTES || offset + size > source.size) {
    return undefined;
  }
  const bytes = await source.read(offset, size);
  const length = varintAt(bytes, 0);
  const start = typeof length === "string" ? size : length.end + CHECKSUM_BYTES;
  const graph = bytes.subarray(start);
  return typeof length === "string" || graph.length !== length.value ? undefined : parseGraph(graph);
}

/** TrackableObjectGraph: nodes 1, with attributes 2: name 1, full_name 2, checkpoint_key 3. */
function parseGraph(graph: Uint8Array): ReadonlyMap<string, string> | undefined {
  const names = new Map<string, string>();
  for (const node of parseMessage(graph)?.filter(isMessage(1)) ?? []) {
    const own = graph.subarray(node.start, node.end);
    for (const attribute of parseMessage(own)?.filter(isMessage(2)) ?? []) {
      const bytes = own.subarray(attribute.start, attribute.end);
      const fields = parseMessage(bytes) ?? [];
      const [fullName, key] = [textOf(bytes, fields, 2), textOf(bytes, fields, 3)];
      if (key !== "" && fullName !== "") {
        names.set(key, fullName);
      }
    }
  }
  return names;
}

function isMessage(wanted: number): (field: ProtobufField) => boolean {
  return ({ number, wire }) => number === wanted && wire === "bytes";
}

function textOf(bytes: Uint8Array, fields: readonly ProtobufField[], number: number): string {
  const field = fields.findLast(isMessage(number));
  return field === undefined ? "" : new TextDecoder().decode(bytes.subarray(field.start, field.end));
}

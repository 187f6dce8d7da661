import type { ByteSource } from "#core/byteSource.ts";

import type { PickledTensor } from "../pickle/pickledTensor.ts";
import type { ZipEntry } from "../zip/payloads.ts";

/**
 * An archive of one tensor, to know others like it by. Archives of tensors of the same type and shape are the same bytes but
 * for the elements, checksums and a random name, so that only the first one must be taken apart.
 */
export interface Twin {
  /** Bytes of the archive, and where its elements start and end in it. */
  readonly length: number;
  readonly start: number;
  readonly end: number;
  /** The bytes around the elements; those that may differ are 0. */
  readonly around: Uint8Array;
  readonly ignored: readonly Range[];
  /** Parts count from the start of the archive. */
  readonly tensor: PickledTensor;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

// Names and records around a tensor take 1 to 2 KB.
const MAX_AROUND_BYTES = 16_384;

/** Undefined for an archive that is no plain one of one tensor, or whose directory says more than it holds. */
export async function createTwin(
  archive: ByteSource,
  entries: readonly ZipEntry[],
  tensor: PickledTensor,
): Promise<Twin | undefined> {
  const [part] = tensor.parts;
  const payload = entries.find(
    ({ offset, size }) => part !== undefined && offset <= part.offset && part.offset < offset + size,
  );
  if (part?.codings !== undefined || payload === undefined) {
    return undefined;
  }
  const place = { length: archive.size, start: payload.offset, end: payload.offset + payload.size };
  if (place.end > place.length || place.length - (place.end - place.start) > MAX_AROUND_BYTES) {
    return undefined;
  }
  const around = await readAround(archive, place);
  const random = entries.filter(({ name }) => name.endsWith("/.data/serialization_id"));
  const ignored = [...checksumsIn(around), ...random.map((entry) => rangeAround(entry, place))];
  return { ...place, around: without(around, ignored), ignored, tensor };
}

/** Whether an archive of the same length is the same but for its elements. */
export async function isTwin(archive: ByteSource, twin: Twin): Promise<boolean> {
  return Buffer.compare(without(await readAround(archive, twin), twin.ignored), twin.around) === 0;
}

type Place = Pick<Twin, "length" | "start" | "end">;

async function readAround(archive: ByteSource, { length, start, end }: Place): Promise<Uint8Array> {
  const around = new Uint8Array(start + length - end);
  around.set(await archive.read(0, start));
  around.set(await archive.read(end, length - end), start);
  return around;
}

function rangeAround({ offset, size }: ZipEntry, { start, end }: Place): Range {
  const at = offset < start ? offset : offset - (end - start);
  return { start: at, end: at + size };
}

/** Where records of a zip archive keep a checksum: after a file, and in the directory. */
const CHECKSUMS = [
  { signature: [0x50, 0x4b, 7, 8], at: 4 },
  { signature: [0x50, 0x4b, 1, 2], at: 16 },
];
const CHECKSUM_BYTES = 4;

function checksumsIn(bytes: Uint8Array): readonly Range[] {
  const found: Range[] = [];
  for (let at = bytes.indexOf(0x50); at >= 0; at = bytes.indexOf(0x50, at + 1)) {
    const record = CHECKSUMS.find(({ signature }) => signature.every((byte, index) => bytes[at + index] === byte));
    if (record !== undefined) {
      found.push({ start: at + record.at, end: at + record.at + CHECKSUM_BYTES });
    }
  }
  return found;
}

function without(bytes: Uint8Array, ignored: readonly Range[]): Uint8Array {
  ignored.forEach(({ start, end }) => bytes.fill(0, start, end));
  return bytes;
}

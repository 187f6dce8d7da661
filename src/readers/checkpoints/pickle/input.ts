import type { ByteSource } from "#core/byteSource.ts";

/** A window over a source that moves forward: opcodes are read from it without waiting where it has all of one. */
export interface PickleInput {
  readonly source: ByteSource;
  bytes: Uint8Array;
  view: DataView;
  /** Of `bytes`, from the start of the source. */
  start: number;
  /** Of the next byte, in `bytes`; past their end when a range was stepped over. */
  at: number;
}

export function createInput(source: ByteSource, offset: number): PickleInput {
  const bytes = new Uint8Array();
  return { source, bytes, view: new DataView(bytes.buffer), start: offset, at: 0 };
}

/** From the start of the source. */
export function positionOf({ start, at }: PickleInput): number {
  return start + at;
}

export function bytesAhead({ bytes, at }: PickleInput): number {
  return bytes.length - at;
}

/** Has so many bytes in the window, or fewer at the end of the source. */
export async function fillInput(input: PickleInput, need: number): Promise<void> {
  const position = positionOf(input);
  const length = Math.max(0, Math.min(input.source.size - position, Math.max(need, WINDOW_BYTES)));
  input.bytes = await input.source.read(position, length);
  input.view = new DataView(input.bytes.buffer, input.bytes.byteOffset, input.bytes.byteLength);
  input.start = position;
  input.at = 0;
}

// Pickles of a checkpoint are mostly smaller; where long bytes are stepped over, little is read in vain.
const WINDOW_BYTES = 256 * 1024;

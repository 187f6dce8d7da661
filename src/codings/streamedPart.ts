import type { ReadInto } from "#core/byteSource.ts";
import { decodedBytes, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import type { Bytes } from "./bytes.ts";
import { isDamage } from "./damage.ts";
import { checkRange, damageOf, type OpenedPart } from "./openedPart.ts";
import { isStreamed, undoStreamed } from "./undoCoding.ts";

/** Starts the stream with the first read; starts it again when an offset lies before it. */
export function openStream(part: TensorPart, readFile: ReadInto): OpenedPart {
  let stream: Stream | undefined;
  const stop = async (): Promise<void> => {
    await stream?.stop();
    stream = undefined;
  };
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, decodedBytes(part));
      if (stream !== undefined && offset < stream.position()) {
        await stop();
      }
      stream ??= startStream(part, readFile);
      await stream.read(target, offset);
    },
    stop,
  };
}

interface Stream {
  /** Decoded bytes that were taken. */
  readonly position: () => number;
  readonly read: ReadInto;
  readonly stop: () => Promise<void>;
}

function startStream(part: TensorPart, readFile: ReadInto): Stream {
  const size = decodedBytes(part);
  const { bytes, readFailure } = decodedStream(part, readFile);
  let position = 0;
  let ready: Uint8Array = new Uint8Array();

  async function next(): Promise<Uint8Array | undefined> {
    try {
      const { value, done } = await bytes.next();
      return done === true ? undefined : value;
    } catch (error) {
      // What cannot be read is not damaged: it may come back.
      throw readFailure() ?? (isDamage(error) || error instanceof Error ? damageOf(part, error) : error);
    }
  }

  async function take(most: number): Promise<Uint8Array> {
    while (ready.length === 0) {
      const piece = await next();
      if (piece === undefined) {
        throw damageOf(part, t("they end after {0} bytes; {1} were expected", position, size));
      }
      ready = piece;
    }
    const taken = ready.subarray(0, most);
    ready = ready.subarray(taken.length);
    position += taken.length;
    return taken;
  }

  /** All elements were given: what still comes is too much, or says that a checksum is wrong. */
  async function finish(): Promise<void> {
    for (let piece: Uint8Array | undefined = ready; piece !== undefined; piece = await next()) {
      if (piece.length > 0) {
        throw damageOf(part, t("they hold more than the {0} bytes they should", size));
      }
    }
  }

  return {
    position: () => position,
    async read(target, offset) {
      while (position < offset) {
        await take(offset - position);
      }
      for (let filled = 0; filled < target.length;) {
        const taken = await take(target.length - filled);
        target.set(taken, filled);
        filled += taken.length;
      }
      if (position === size) {
        await finish();
      }
    },
    stop: async () => void (await bytes.return()),
  };
}

const READ_BYTES = 256 * 1024;

interface DecodedStream {
  readonly bytes: Bytes;
  /** Why the file could not be read, if that was it. */
  readonly readFailure: () => unknown;
}

function decodedStream({ offset, byteLength, codings = [] }: TensorPart, readFile: ReadInto): DecodedStream {
  let failure: unknown;
  async function* stored(): Bytes {
    for (let at = 0; at < byteLength; at += READ_BYTES) {
      const bytes = new Uint8Array(Math.min(READ_BYTES, byteLength - at)); // A decompressor may keep it.
      try {
        await readFile(bytes, offset + at);
      } catch (error) {
        failure = error;
        throw error;
      }
      yield bytes;
    }
  }
  return {
    bytes: codings.filter(isStreamed).reduce((stream, coding) => undoStreamed(coding, stream), stored()),
    readFailure: () => failure,
  };
}

import type { ReadInto } from "#core/byteSource.ts";
import { decodedBytes, type TensorPart } from "#core/tensorPart.ts";

import { type Codebook, openCodebook } from "./codebook.ts";
import { checkRange, type OpenedPart } from "./openedPart.ts";
import { openStream } from "./streamedPart.ts";
import { openWhole } from "./wholePart.ts";

/** Opens parts one after another: opening one stops what decodes the one before. */
export interface PartOpener {
  /**
   * Gives the part's elements as little-endian bytes: offsets are those of the decoded bytes. What is coded is decoded from
   * the start on, so offsets should ascend; going back starts again. A request past the end, or data that are not what
   * their coding says, is a rejection with a sentence for people.
   */
  readonly open: (part: TensorPart, readFile: ReadInto) => ReadInto;
  /** Stops what decodes the last part. */
  readonly close: () => Promise<void>;
}

export function createPartOpener(): PartOpener {
  let current: OpenedPart | undefined;
  let stopped: Promise<void> = Promise.resolve();
  return {
    open(part, readFile) {
      const before = current?.stop;
      stopped = stopped.then(async () => before?.());
      current = open(part, readFile);
      return current.read;
    },
    async close() {
      await stopped;
      await current?.stop();
      current = undefined;
    },
  };
}

function open(part: TensorPart, readFile: ReadInto): OpenedPart {
  const { codings = [] } = part;
  if (codings.length === 0) {
    return openPlain(part, readFile);
  }
  const codebook = codings.find((coding) => coding.kind === "codebook");
  if (codebook !== undefined) {
    return openTable(part, codebook, readFile);
  }
  return isSmall(part) ? openWhole(part, readFile) : openStream(part, readFile);
}

function openPlain(part: TensorPart, readFile: ReadInto): OpenedPart {
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, part.byteLength);
      await readFile(target, part.offset + offset);
    },
    stop: async () => undefined,
  };
}

function openTable(part: TensorPart, codebook: Codebook, readFile: ReadInto): OpenedPart {
  const read = openCodebook(part, codebook, readFile);
  return {
    async read(target, offset) {
      checkRange(part, offset + target.length, decodedBytes(part));
      await read(target, offset);
    },
    stop: async () => undefined,
  };
}

// A stream costs more than the decoding of so few bytes.
const SMALL_STORED_BYTES = 128 * 1024;
const SMALL_DECODED_BYTES = 1024 * 1024;

/** Whether all steps of decoding fit into memory at once. */
function isSmall({ byteLength, codings = [] }: TensorPart): boolean {
  return (
    byteLength <= SMALL_STORED_BYTES &&
    codings.every((coding) => !("decodedBytes" in coding) || coding.decodedBytes <= SMALL_DECODED_BYTES)
  );
}

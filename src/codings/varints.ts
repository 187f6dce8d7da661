import { t } from "@vscode/l10n";
import type { PieceDecoder } from "./pieceDecoder.ts";

export interface VarintList {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly isTagged: boolean;
  readonly decodedBytes: number;
}

/** Numbers of base 128, lowest digits first, as little-endian ones of so many bytes: what does not fit is cut off. */
export function createVarintDecoder({ bytes, isTagged, decodedBytes }: VarintList): PieceDecoder {
  let left = decodedBytes;
  const number = { low: 0, high: 0, shift: 0, isTag: isTagged };
  function push(piece: Uint8Array): Uint8Array {
    const out = new DataView(new ArrayBuffer(piece.length * bytes));
    let to = 0;
    for (const byte of piece) {
      if (number.isTag) {
        number.isTag = false;
      } else if (addDigit(number, byte)) {
        store(out, to, bytes, number);
        to += bytes;
        number.low = 0;
        number.high = 0;
        number.shift = 0;
        number.isTag = isTagged;
      }
    }
    left -= to;
    if (left < 0) {
      throw new Error(t("the list holds more numbers than the {0} it should", decodedBytes / bytes));
    }
    return new Uint8Array(out.buffer, 0, to);
  }
  return { push, end: () => undefined };
}

interface PartOfNumber {
  low: number;
  high: number;
  shift: number;
}

const MAX_SHIFT = 63;

/** Whether it was the last one. */
function addDigit(number: PartOfNumber, byte: number): boolean {
  const digit = byte & 0x7f;
  if (number.shift > MAX_SHIFT) {
    throw new Error(t("a number in the list has more than ten digits"));
  }
  if (number.shift < 32) {
    number.low |= digit << number.shift;
  }
  if (number.shift >= 32) {
    number.high |= digit << (number.shift - 32);
  } else if (number.shift === 28) {
    number.high |= digit >> 4;
  }
  number.shift += 7;
  return byte < 0x80;
}

function store(out: DataView, at: number, bytes: VarintList["bytes"], { low, high }: PartOfNumber): void {
  switch (bytes) {
    case 1:
      out.setUint8(at, low);
      break;
    case 2:
      out.setUint16(at, low, true);
      break;
    case 4:
      out.setInt32(at, low, true);
      break;
    case 8:
      out.setInt32(at, low, true);
      out.setInt32(at + 4, high, true);
  }
}

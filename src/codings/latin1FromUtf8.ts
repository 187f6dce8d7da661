import { t } from "@vscode/l10n";
import type { PieceDecoder } from "./pieceDecoder.ts";

/** The characters up to U+00FF of a UTF-8 text as bytes. */
export function createLatin1Decoder(): PieceDecoder {
  let lead = 0;
  return {
    push(piece) {
      const decoded = new Uint8Array(piece.length);
      let length = 0;
      for (const byte of piece) {
        if (lead !== 0) {
          expect((byte & 0xc0) === 0x80);
          decoded[length] = ((lead & 3) << 6) | (byte & 0x3f);
          length += 1;
          lead = 0;
        } else if (byte < 0x80) {
          decoded[length] = byte;
          length += 1;
        } else {
          expect(byte === 0xc2 || byte === 0xc3); // Others start characters past U+00FF.
          lead = byte;
        }
      }
      return decoded.subarray(0, length);
    },
    end: () => expect(lead === 0),
  };
}

function expect(isRight: boolean): void {
  if (!isRight) {
    throw new Error(t("text that should hold bytes holds other characters"));
  }
}

import type { Coding } from "#core/coding.ts";

import type { Bytes } from "./bytes.ts";
import { createLatin1Decoder } from "./latin1FromUtf8.ts";
import type { PieceDecoder } from "./pieceDecoder.ts";
import { createRecordDecoder } from "./records.ts";
import { createPairSwapper } from "./swapPairs.ts";
import { createVarintDecoder } from "./varints.ts";

export type PieceCoding = Extract<Coding, { readonly kind: "latin1AsUtf8" | "records" | "swapPairs" | "varints" }>;

export function isPieceCoding(coding: Coding): coding is PieceCoding {
  return PIECE_CODINGS.has(coding.kind);
}

const PIECE_CODINGS: ReadonlySet<Coding["kind"]> = new Set<PieceCoding["kind"]>([
  "latin1AsUtf8",
  "records",
  "swapPairs",
  "varints",
]);

export async function* decodePieces(bytes: Bytes, coding: PieceCoding): Bytes {
  const decoder = decoderOf(coding);
  for await (const piece of bytes) {
    yield decoder.push(piece);
  }
  decoder.end();
}

export function decodeOnePiece(bytes: Uint8Array, coding: PieceCoding): Uint8Array {
  const decoder = decoderOf(coding);
  const decoded = decoder.push(bytes);
  decoder.end();
  return decoded;
}

function decoderOf(coding: PieceCoding): PieceDecoder {
  switch (coding.kind) {
    case "latin1AsUtf8":
      return createLatin1Decoder();
    case "records":
      return createRecordDecoder(coding);
    case "swapPairs":
      return createPairSwapper(coding);
    case "varints":
      return createVarintDecoder(coding);
  }
}

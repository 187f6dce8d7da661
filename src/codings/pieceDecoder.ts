/** Decodes bytes piece by piece, wherever they are cut. Throws when they are not what their coding says. */
export interface PieceDecoder {
  readonly push: (piece: Uint8Array) => Uint8Array;
  /** There are no more. */
  readonly end: () => void;
}

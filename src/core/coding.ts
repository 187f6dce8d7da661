/** One step from a tensor's elements to the bytes in a file, as data: a request can carry it, a reader need not run it. */
export type Coding =
  /** Big-endian numbers of so many bytes; complex ones have two in an element. */
  | { readonly kind: "bigEndian"; readonly bytes: number }
  /** UTF-8 of text whose characters are the bytes, up to U+00FF, as Python 2 pickles hold them. */
  | { readonly kind: "latin1AsUtf8"; readonly decodedBytes: number }
  /** A compressed stream that must give exactly so many bytes. `deflate` is raw, `zlib` has that header. */
  | { readonly kind: "deflate" | "zlib" | "gzip" | "zstd"; readonly decodedBytes: number }
  /** So many bytes before the elements belong to something else: a header inside a compressed stream. */
  | { readonly kind: "skip"; readonly bytes: number }
  /**
   * The bytes themselves, in Base64: small values that lie inside a compressed index, or that a file leaves out because
   * they are its default. First of a part's codings; the part takes no bytes of its file.
   */
  | { readonly kind: "inline"; readonly base64: string }
  /**
   * One byte for each float32: the place in a table of 256, whose number is multiplied by the scale of the element's block.
   * Table and scales are float32 and lie in the same file, as they are. It is a part's only coding.
   */
  | {
      readonly kind: "codebook";
      readonly table: ByteRange;
      readonly scales: ByteRange;
      readonly blockElements: number;
    };

/** Bytes of a file, from its start. */
export interface ByteRange {
  readonly offset: number;
  readonly byteLength: number;
}

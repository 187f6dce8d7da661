/** One step from a tensor's elements to the bytes in a file, as data: a request can carry it, a reader need not run it. */
export type Coding =
  /** Big-endian numbers of so many bytes; complex ones have two in an element. */
  | { readonly kind: "bigEndian"; readonly bytes: number }
  /** UTF-8 of text whose characters are the bytes, up to U+00FF, as Python 2 pickles hold them. */
  | { readonly kind: "latin1AsUtf8"; readonly decodedBytes: number }
  /** A compressed stream that must give exactly so many bytes. `deflate` is raw, `zlib` has that header. */
  | { readonly kind: "deflate" | "zlib" | "gzip" | "zstd"; readonly decodedBytes: number }
  /**
   * What must be decompressed at once: the small compression of h5py, a chunk of Blosc 1, and LZ4 as numcodecs and as HDF5's
   * filter write it.
   */
  | { readonly kind: "lzf" | "blosc" | "lz4" | "lz4Blocks"; readonly decodedBytes: number }
  /** Elements of so many bytes lie byte by byte: all their first bytes, all their second ones. */
  | { readonly kind: "shuffle"; readonly bytes: number }
  /** HDF5's checksum of four bytes follows. */
  | { readonly kind: "fletcher32" }
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
    }
  /** Blocks of so many bytes, in which numbers of 16 bits are big-endian, from these places on. */
  | { readonly kind: "swapPairs"; readonly blockBytes: number; readonly pairs: readonly number[] }
  /** Records of an element's `take` bytes after `skip` others. */
  | { readonly kind: "records"; readonly skip: number; readonly take: number }
  /**
   * Protobuf's numbers of base 128, which must give exactly so many bytes: each becomes a little-endian number of `bytes`
   * bytes, its lower ones. Before a tagged one stands another byte.
   */
  | {
      readonly kind: "varints";
      readonly bytes: 1 | 2 | 4 | 8;
      readonly isTagged: boolean;
      readonly decodedBytes: number;
    };

/** Bytes of a file, from its start. */
export interface ByteRange {
  readonly offset: number;
  readonly byteLength: number;
}

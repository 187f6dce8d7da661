/** One step from a tensor's elements to the bytes in a file, as data: a request can carry it, a reader need not run it. */
export type Coding =
  /** Big-endian numbers of so many bytes; complex ones have two in an element. */
  | { readonly kind: "bigEndian"; readonly bytes: number }
  /** A compressed stream that must give exactly so many bytes. `deflate` is raw, `zlib` has that header. */
  | { readonly kind: "deflate" | "zlib" | "gzip" | "zstd"; readonly decodedBytes: number }
  /** So many bytes before the elements belong to something else: a header inside a compressed stream. */
  | { readonly kind: "skip"; readonly bytes: number }
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

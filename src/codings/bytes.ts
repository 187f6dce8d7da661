/** Bytes that come piece by piece, cut anywhere. */
export type Bytes = AsyncGenerator<Uint8Array, void, undefined>;

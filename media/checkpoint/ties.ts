/** A tensor in the same bytes as one before it, both by their place in the checkpoint. */
export type Tie = readonly [tensor: number, first: number];

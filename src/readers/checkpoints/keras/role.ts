import type { TensorKind } from "#core/tensor.ts";

/** What Keras says of a tensor besides its name. */
export interface KerasRole {
  readonly kind: TensorKind;
  readonly parameter?: string;
}

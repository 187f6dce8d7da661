import type { Chain } from "./chain.ts";

/** What a variable stands for at the place where it is used. */
export type Binding =
  | ChainBinding
  | { readonly kind: "instance"; readonly className: string }
  | { readonly kind: "import" }
  | { readonly kind: "unknown" };

/** One of these chains, or an item of one, as the variable of a loop is. */
export interface ChainBinding {
  readonly kind: "chain";
  readonly chains: readonly Chain[];
  readonly isItem: boolean;
}

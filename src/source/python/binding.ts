import type { Chain } from "./chain.ts";

/** What a variable stands for at the place where it is used. */
export type Binding =
  | {
      readonly kind: "chain";
      readonly chain: Chain;
      /** One item of it: the variable of a loop. */ readonly isItem: boolean;
    }
  | { readonly kind: "instance"; readonly className: string }
  | { readonly kind: "import" }
  | { readonly kind: "unknown" };

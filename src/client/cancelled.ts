/** How a request ends that nobody waits for any more. */
export class Cancelled extends Error {
  readonly kind = "cancelled";
}

/** By what it says of itself, not by its class: a bundle beside the extension's own has a class of its own. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && "kind" in error && error.kind === "cancelled";
}

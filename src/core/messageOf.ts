/** What was thrown, as text: an error's message, without its name and stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

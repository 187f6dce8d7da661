/** A link in Markdown that runs a command with one argument. The text is the extension's own. */
export function commandLink(text: string, command: string, argument: unknown): string {
  // Encoded once more than needed, as a bracket would end the link.
  const args = encodeURIComponent(JSON.stringify([argument]))
    .replaceAll("(", "%28")
    .replaceAll(")", "%29");
  return `[${text}](command:${command}?${args})`;
}

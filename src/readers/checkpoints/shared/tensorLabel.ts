/** A name from a file as part of a message: one line, not too long. */
export function tensorLabel(name: string): string {
  const line = name.replaceAll(/\p{Cc}/gu, "\uFFFD");
  return line.length > MAX_LABEL ? `${line.slice(0, MAX_LABEL)}…` : line;
}

const MAX_LABEL = 120;

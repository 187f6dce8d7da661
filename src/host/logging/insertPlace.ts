/**
 * The zero-based line of a Python source before which a class can stand: that of the first class, function or main block,
 * which is after the imports; else the end.
 */
export function insertPlace(source: string): number {
  const lines = source.split("\n");
  let isInText = false;
  for (const [number, line] of lines.entries()) {
    if (!isInText && /^(?:class|def|async def|@|if __name__)/.test(line)) {
      return number;
    }
    isInText = line.split(/"""|'''/).length % 2 === 0 ? !isInText : isInText;
  }
  return source === "" || source.endsWith("\n") ? lines.length - 1 : lines.length;
}

/** The text with the lines around it that PEP 8 wants: two empty ones before and after. */
export function withBlankLines(text: string, before: string, hasMoreBelow: boolean): string {
  const missing = before === "" ? 0 : 3 - (/\n{0,3}$/.exec(before)?.[0].length ?? 0);
  return `${"\n".repeat(Math.max(0, missing))}${text.trimEnd()}\n${hasMoreBelow ? "\n\n" : ""}`;
}

/** Calls `visit` with every line and its number. A last line without a newline counts; a carriage return goes. */
export function forEachLine(text: string, firstLine: number, visit: (line: string, number: number) => void): void {
  let number = firstLine;
  for (let start = 0; start < text.length; number += 1) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    visit(text.slice(start, text[end - 1] === "\r" && end > start ? end - 1 : end), number);
    start = end + 1;
  }
}

/** The first `limit` lines that hold more than white space. */
export function firstLines(text: string, limit: number): string[] {
  const found: string[] = [];
  for (let start = 0; start < text.length && found.length < limit;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (line !== "") {
      found.push(line);
    }
    start = end + 1;
  }
  return found;
}

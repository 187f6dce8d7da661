/** What every part of an input begins with, a file or a record. */
export const BEFORE_PART = Buffer.from("\0<~");

const BEFORE_NAME = Buffer.from("\0<~file ");
const AFTER_NAME = Buffer.from("~>");

/** Several files as one input. Nothing in it counts bytes, so a change in a file changes that file alone. */
export function packFiles(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  return Buffer.concat(
    Object.entries(files).flatMap(([name, content]) => [
      BEFORE_NAME,
      Buffer.from(name),
      AFTER_NAME,
      typeof content === "string" ? Buffer.from(content) : content,
    ]),
  );
}

/** What is before the first name is no file. */
export function unpackFiles(input: Uint8Array): Record<string, Uint8Array> {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
  const files = new Map<string, Uint8Array>();
  for (let start = bytes.indexOf(BEFORE_NAME); start >= 0;) {
    const nameStart = start + BEFORE_NAME.length;
    const next = bytes.indexOf(BEFORE_NAME, nameStart);
    const end = next < 0 ? bytes.length : next;
    const nameEnd = bytes.indexOf(AFTER_NAME, nameStart);
    const name = bytes.toString("utf8", nameStart, nameEnd);
    if (nameEnd >= 0 && nameEnd + AFTER_NAME.length <= end && isPath(name)) {
      files.set(name, bytes.subarray(nameEnd + AFTER_NAME.length, end));
    }
    start = next;
  }
  return Object.fromEntries(files);
}

/** No listing of a folder gives any other. */
function isPath(name: string): boolean {
  return name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

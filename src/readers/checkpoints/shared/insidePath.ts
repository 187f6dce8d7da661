/** No absolute path, drive, backslash or climbing part: a file must not make Gradlens open files elsewhere. */
export function staysInFolder(file: string): boolean {
  return !/[\\:\0]/.test(file) && file.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

import { watch } from "node:fs";

/**
 * Says that something changed in a folder, where its file system tells. Network file systems often tell nothing, so this
 * only makes a look earlier that is due anyway.
 */
export function watchFolder(
  folder: string,
  onDidChange: (what: "content" | "entries") => void,
): { readonly dispose: () => void } {
  try {
    const watcher = watch(folder, { persistent: false }, (event) => {
      onDidChange(event === "rename" ? "entries" : "content");
    });
    watcher.on("error", () => watcher.close()); // The folder is gone, or too many are watched: polling goes on.
    return { dispose: () => watcher.close() };
  } catch {
    return { dispose: () => undefined }; // The same, at once.
  }
}

import type { FolderSource } from "#core/byteSource.ts";

import { sourceOf } from "./safetensors.ts";

/** A checkpoint's folder in memory. Like the one on the disk it refuses paths that lead out of it. */
export function memoryFolder(files: Readonly<Record<string, Uint8Array>> = {}): FolderSource {
  return {
    name: "checkpoint",
    list: async () => Object.keys(files).toSorted(),
    async open(path) {
      if (path.startsWith("/") || path.split("/").includes("..")) {
        throw new Error(`"${path}" is not inside the checkpoint's folder. It was not opened.`);
      }
      const bytes = Object.hasOwn(files, path) ? files[path] : undefined; // Any name, `__proto__` as well.
      return bytes === undefined ? undefined : sourceOf(bytes, path);
    },
  };
}

import type { FolderSource } from "#core/byteSource.ts";

import { sourceOf } from "./safetensors.ts";

export type TestFiles = Readonly<Record<string, Uint8Array | string>>;

/** Files in memory as a checkpoint's folder; text is UTF-8. Like the one on the disk it refuses paths that lead out of it. */
export function folderOf(files: TestFiles = {}, name = "checkpoint"): FolderSource {
  return {
    name,
    list: async () => Object.keys(files).toSorted(),
    async open(path) {
      if (path.startsWith("/") || path.split("/").includes("..")) {
        throw new Error(`"${path}" is not inside the checkpoint's folder. It was not opened.`);
      }
      const bytes = Object.hasOwn(files, path) ? files[path] : undefined; // Any name, `__proto__` as well.
      return bytes === undefined ? undefined : sourceOf(toBytes(bytes), path.slice(path.lastIndexOf("/") + 1));
    },
  };
}

export function toBytes(content: Uint8Array | string): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

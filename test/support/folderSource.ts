import type { FolderSource } from "#core/byteSource.ts";

import { sourceOf } from "./safetensors.ts";

export type TestFiles = Readonly<Record<string, Uint8Array | string>>;

/** Files in memory as a checkpoint's folder; text is UTF-8. */
export function folderOf(files: TestFiles, name = "checkpoint"): FolderSource {
  return {
    name,
    list: async () => Object.keys(files).toSorted(),
    async open(path) {
      const bytes = files[path];
      return bytes === undefined ? undefined : sourceOf(toBytes(bytes), path.slice(path.lastIndexOf("/") + 1));
    },
  };
}

export function toBytes(content: Uint8Array | string): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

import type { FolderSource } from "#core/byteSource.ts";

import { sourceOf } from "./safetensors.ts";

/** Files in memory as a checkpoint's folder. */
export function folderOf(files: Readonly<Record<string, Uint8Array>>, name = "checkpoint"): FolderSource {
  return {
    name,
    list: async () => Object.keys(files).toSorted(),
    open: async (path) => {
      const bytes = files[path];
      return bytes === undefined ? undefined : sourceOf(bytes, path);
    },
  };
}

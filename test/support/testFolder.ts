import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TestFolder {
  readonly path: string;
  readonly write: (name: string, content: string | Uint8Array) => Promise<string>;
  readonly dispose: () => Promise<void>;
}

/** A new empty folder; files written into it all have the same time. */
export async function createTestFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), "gradlens-"));
  return {
    path,
    async write(name, content) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await utimes(file, 1000, 1000);
      return file;
    },
    dispose: async () => rm(path, { recursive: true }),
  };
}

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { openPart } from "../support/openPart.ts";

import { runPython } from "../support/python.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-numcodecs-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Chunk {
  readonly array: string;
  readonly codec: string;
  readonly bytes: number;
}

const chunks = runPython("writeNumcodecs.py", folder) as readonly Chunk[];

test("numcodecs wrote each array with each codec", () => {
  expect(chunks.length).toBe(7 * 48);
});

test.each(Object.entries(Object.groupBy(chunks, ({ codec }) => codec)))(
  "chunks that numcodecs compressed as %s are the arrays they were",
  async (_, own = []) => {
    for (const { array, codec, bytes } of own) {
      const stored = readFileSync(join(folder, `${array}.${codec}`));
      const kind = codec.startsWith("blosc") ? "blosc" : "lz4";
      const part = {
        file: array,
        offset: 0,
        byteLength: stored.length,
        codings: [{ kind, decodedBytes: bytes } as const],
      };
      const decoded = new Uint8Array(bytes);
      const readFile = async (target: Uint8Array, offset: number): Promise<void> => {
        target.set(stored.subarray(offset, offset + target.length));
      };
      await openPart(part, readFile)(decoded, 0);
      expect(Buffer.compare(decoded, readFileSync(join(folder, array)))).toBe(0);
    }
  },
);

import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CheckpointNorms } from "#protocol/workerAnswers.ts";
import { readEntry, writeEntry } from "#files/written/entryCache.ts";
import { setLanguage } from "#l10n/language.ts";
import { cachedNorms } from "#worker/norms/cachedNorms.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";

let folder = "";
const path = (): string => join(folder, "model.safetensors");
const cache = (): string => join(folder, "norms");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradlens-cached-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Written long enough ago for its time to tell it from the next version. */
function write(value: number, secondsAgo = 100): void {
  writeFileSync(
    path(),
    safetensorsFile({ w: { dtype: "F32", shape: [2], data: bytesOf(Float32Array.of(value, Number.NaN)) } }),
  );
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(path(), time, time);
}

interface Seen {
  readonly isCached: boolean;
  readonly linf: number | undefined;
  readonly norms: CheckpointNorms;
}

async function compute(at = path()): Promise<Seen> {
  const norms = await cachedNorms(at, { threads: 1, cache: cache() });
  return { isCached: norms.isCached === true, linf: norms.globals.weight?.linf, norms };
}

test("a file that has not changed is not reduced again, and its norms are the same, NaN too", async () => {
  write(3);
  const first = await compute();
  const seen: unknown[] = [];
  const second = await cachedNorms(path(), {
    threads: 4,
    cache: cache(),
    onProgress: ({ tensors }) => seen.push(...tensors),
  });
  expect([first.isCached, second.isCached, second.globals, seen]).toEqual([
    false,
    true,
    first.norms.globals,
    first.norms.tensors,
  ]);
  expect(first.norms.globals.weight?.nan).toBe(1);
});

test("a file of another size, another time or with another file in its place is computed again", async () => {
  write(3);
  await compute();
  write(4, 50);
  const newer = await compute();
  rmSync(path());
  write(5, 50);
  const replaced = await compute();
  expect([newer.isCached, replaced.isCached]).toEqual([false, false]);
});

test("a file with other numbers and its old time is computed again", async () => {
  write(3);
  const { norms } = await compute();
  const { atime, mtime } = statSync(path());
  const bytes = readFileSync(path());
  bytes.writeFloatLE(Infinity, bytes.length - 8);
  writeFileSync(path(), bytes);
  utimesSync(path(), atime, mtime);
  const second = await compute();
  expect([norms.globals.weight?.posInf, second.norms.globals.weight?.posInf, second.isCached]).toEqual([0, 1, false]);
});

test("one file by two names is computed once", async () => {
  write(3);
  await compute();
  symlinkSync(path(), join(folder, "latest.safetensors"));
  expect((await compute(join(folder, "latest.safetensors"))).isCached).toBe(true);
});

test("a file that was written just now is not kept: it may be written again within the clock's resolution", async () => {
  write(3, 0);
  await compute();
  expect((await compute()).isCached).toBe(false);
});

test.each([
  { damage: "torn", change: (text: string) => text.slice(0, text.length / 2) },
  { damage: "empty", change: () => "" },
  { damage: "changed", change: (text: string) => text.replace('"nan":1', '"nan":0') },
])("an entry that is $damage is computed again and replaced", async ({ change }) => {
  write(3);
  await compute();
  const [entry = ""] = readdirSync(cache());
  const place = join(cache(), entry);
  writeFileSync(place, change(readFileSync(place, "utf8")));
  const again = await compute();
  expect([again.isCached, again.norms.globals.weight?.nan, (await compute()).isCached]).toEqual([false, 1, true]);
});

test("two windows that compute the same at once leave one whole entry", async () => {
  write(3);
  await Promise.all(Array.from({ length: 8 }, async () => compute()));
  expect([readdirSync(cache()).length, (await compute()).isCached]).toEqual([1, true]);
});

test("a folder that cannot be written costs only the speed", async () => {
  write(3);
  writeFileSync(cache(), "a file");
  expect((await compute()).norms.tensors.length).toBe(1);
});

test("a cache has a size: what was not used for longest leaves first, and no entry takes more than half", async () => {
  const text = "x".repeat(3000);
  const touched = (key: string, secondsAgo: number): void => {
    const newest = readdirSync(cache())
      .map((name) => join(cache(), name))
      .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
    const time = Date.now() / 1000 - secondsAgo;
    utimesSync(newest ?? key, time, time);
  };
  await writeEntry(cache(), "a", text, 10_000);
  touched("a", 300);
  await writeEntry(cache(), "b", text, 10_000);
  touched("b", 200);
  await readEntry(cache(), "a"); // Now b is the oldest.
  await writeEntry(cache(), "c", text, 10_000);
  await writeEntry(cache(), "d", text, 10_000);
  const kept = await Promise.all(
    ["a", "b", "c", "d"].map(async (key) => (await readEntry(cache(), key)) !== undefined),
  );
  expect([kept, await writeEntry(cache(), "e", text, 5000)]).toEqual([[true, false, true, true], false]);
});

test("sentences that were kept in one language are not shown in another", async () => {
  write(3);
  await compute();
  try {
    setLanguage({ "It is not complete.": "⟦It is not complete.⟧" }, "other");
    expect([(await compute()).isCached, (await compute()).isCached]).toEqual([false, true]);
  } finally {
    setLanguage({});
  }
  expect((await compute()).isCached).toBe(true);
});

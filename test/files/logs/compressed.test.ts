import { writeFile } from "node:fs/promises";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decompressFile } from "#codings/decompress.ts";
import { readHead } from "#files/logs/head.ts";
import { MAX_LINE_BYTES } from "#files/logs/lineBytes.ts";
import type { LogText, TextPosition } from "#files/logs/logText.ts";
import { readLines, readRest } from "#files/logs/tail.ts";
import { readWhole } from "#files/logs/whole.ts";
import { allLines, linesFrom } from "../../support/logLines.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const read = async (path: string, from: TextPosition | null, maxBytes?: number): Promise<LogText> =>
  linesFrom(path, from, { decompress: decompressFile, ...(maxBytes !== undefined && { maxBytes }) });
const readAll = async (path: string, maxBytes: number): Promise<LogText[]> =>
  allLines(path, { maxBytes, decompress: decompressFile });

const LINES = Array.from({ length: 20_000 }, (_, step) => `{"step": ${step}, "loss": ${Math.sin(step)}}\n`).join("");
const [HALF, REST] = [LINES.slice(0, 300_001), LINES.slice(300_001)];

const KINDS = [
  { kind: "gzip", bytes: gzipSync(LINES) },
  { kind: "gzip in two members", bytes: Buffer.concat([gzipSync(HALF), gzipSync(REST)]) },
  { kind: "zstd", bytes: zstdCompressSync(LINES) },
  { kind: "zstd in two frames", bytes: Buffer.concat([zstdCompressSync(HALF), zstdCompressSync(REST)]) },
];

test.each(KINDS)("a log in $kind gives the lines that were compressed, in windows of any size", async ({ bytes }) => {
  const path = await folder.write("train.log.2", bytes);
  for (const maxBytes of [1000 * 37, 2 ** 18, 2 ** 30]) {
    const texts = await readAll(path, maxBytes);
    const last = texts.at(-1);
    expect([
      maxBytes,
      texts.map(({ text }) => text).join("") === LINES,
      texts.flatMap(({ problems }) => problems),
      last?.offset,
      last?.line,
    ]).toEqual([maxBytes, true, [], LINES.length, 20_000]);
  }
});

// oxlint-disable-next-line require-yield -- It ends before it could.
async function* refuse(): AsyncGenerator<Uint8Array, void, undefined> {
  throw new Error("decompressed again");
}

test("a compressed log that did not change is not decompressed again", async () => {
  const path = await folder.write("same.log.gz", gzipSync("a\nb\n"));
  const first = await read(path, null);
  const outcome = await readLines(path, first, 100, refuse);
  expect(outcome).toMatchObject({ kind: "ok", value: { text: "", offset: 4, line: 2, restarted: false, more: false } });
});

test("a compressed log that was written anew is read from its start", async () => {
  const path = await folder.write("anew.log.gz", gzipSync("a\n"));
  const first = await read(path, null);
  await writeFile(path, gzipSync("a\nb\n"));
  expect(await read(path, first)).toMatchObject({ text: "a\nb\n", firstLine: 0, restarted: true });
});

test("a compressed log cut anywhere gives only lines it had, and no problem: it may still be writing", async () => {
  const lines = LINES.slice(0, 5000);
  for (const whole of [gzipSync(lines), zstdCompressSync(lines)]) {
    for (let cut = 4; cut < whole.length; cut += 13) {
      const { text, problems } = await read(await folder.write("cut.gz", whole.subarray(0, cut)), null);
      expect([cut, lines.startsWith(text), problems]).toEqual([cut, true, []]);
    }
  }
});

test("damage ends a compressed log with one problem; the lines before it are read", async () => {
  const bytes = gzipSync(LINES);
  const at = Math.floor(bytes.length / 2);
  bytes.fill(0xff, at, at + 100);
  const texts = await readAll(await folder.write("damaged.log.gz", bytes), 2 ** 17);
  const reasons = texts.flatMap(({ problems }) => problems.map(({ reason }) => reason.slice(0, 32)));
  expect(reasons).toEqual(["The compressed bytes are damaged"]);
  expect(texts[0]?.text.slice(0, 100_000) === LINES.slice(0, 100_000)).toBe(true);
});

test("a line of a compressed log that is too long is emptied and reported", async () => {
  const path = await folder.write("long.log.gz", gzipSync(`a\n${"x".repeat(MAX_LINE_BYTES * 3)}\nb\n`));
  const texts = await readAll(path, 1000);
  expect(texts.map(({ text }) => text).join("")).toBe("a\n\nb\n");
  expect(texts.flatMap(({ problems }) => problems.map(({ line }) => line))).toEqual([1]);
});

test("UTF-16 inside a compressed log is text", async () => {
  const path = await folder.write("utf16.log.gz", gzipSync(Buffer.from("\uFEFFä\r\nb\r\nc", "utf16le")));
  const texts = await readAll(path, 5);
  const offset = texts.at(-1)?.offset ?? 0;
  expect([texts.map(({ text }) => text).join(""), await readRest(path, offset, decompressFile)]).toEqual([
    "ä\r\nb\r\n",
    "c",
  ]);
});

test("a file that is read as a whole may be compressed", async () => {
  const path = await folder.write("trainer_state.json.gz", gzipSync('{"log_history": []}'));
  const first = await readWhole(path, null, decompressFile);
  const again = first.kind === "ok" ? await readWhole(path, first.value, decompressFile) : first;
  expect([first, again]).toMatchObject([
    { value: { text: '{"log_history": []}', restarted: false } },
    { value: { text: "", restarted: false } },
  ]);
});

test("the head of a compressed file is the start of what it holds, however large that is", async () => {
  const path = await folder.write("bomb.gz", gzipSync(Buffer.alloc(2 ** 26, "step,loss\n")));
  const head = await readHead(path, decompressFile);
  expect([head.length, Buffer.from(head.subarray(0, 10)).toString()]).toEqual([2 ** 18, "step,loss\n"]);
});

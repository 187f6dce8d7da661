import { appendFile, rename, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_LINE_BYTES } from "#files/logs/lineBytes.ts";
import type { LogText, TextPosition } from "#files/logs/logText.ts";
import { readLines } from "#files/logs/tail.ts";
import { allLines, linesFrom } from "../../support/logLines.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const WINDOW = 2 ** 16;

const read = async (path: string, from: TextPosition | null = null, maxBytes = WINDOW): Promise<LogText> =>
  linesFrom(path, from, { maxBytes });
const readAll = async (path: string, maxBytes: number): Promise<LogText[]> => allLines(path, { maxBytes });

function short({ text, offset, line, firstLine, restarted, more }: LogText): unknown[] {
  return [text, offset, line, firstLine, restarted, more];
}

test.each([
  { content: "an empty file", bytes: "", expected: ["", 0, 0, 0, false, false] },
  { content: "two lines", bytes: "a\nb\n", expected: ["a\nb\n", 4, 2, 0, false, false] },
  { content: "a partial last line", bytes: "a\nb", expected: ["a\n", 2, 1, 0, false, false] },
  { content: "nothing but a partial line", bytes: "abc", expected: ["", 0, 0, 0, false, false] },
  { content: "NUL bytes at the end", bytes: "a\n\0\0\0\0", expected: ["a\n", 2, 1, 0, false, false] },
  { content: "Windows line ends", bytes: "a\r\nb\r\n", expected: ["a\r\nb\r\n", 6, 2, 0, false, false] },
  { content: "a byte order mark", bytes: "\uFEFFä\n", expected: ["ä\n", 6, 1, 0, false, false] },
  { content: "a byte order mark alone", bytes: "\uFEFF", expected: ["", 3, 0, 0, false, false] },
])("$content is read up to its last whole line", async ({ bytes, expected }) => {
  expect(short(await read(await folder.write("content.log", bytes)))).toEqual(expected);
});

test("invalid UTF-8 becomes replacement characters", async () => {
  const path = await folder.write("invalid.log", Uint8Array.of(0x61, 0xff, 0x62, 0x0a));
  expect((await read(path)).text).toBe("a\uFFFDb\n");
});

test.each([1, 2, 3, 5, 64])("UTF-16 of PowerShell is read in windows of %i bytes", async (maxBytes) => {
  const path = await folder.write("utf16.log", Buffer.from("\uFEFFä\u0A0A\r\nbc\r\nd", "utf16le"));
  const texts = await readAll(path, maxBytes);
  expect([texts.map(({ text }) => text).join(""), texts.at(-1)?.line]).toEqual(["ä\u0A0A\r\nbc\r\n", 2]);
});

test("UTF-16 big-endian is refused as unsupported", async () => {
  const path = await folder.write("utf16be.log", Uint8Array.of(0xfe, 0xff, 0, 0x61));
  expect(await readLines(path, null, WINDOW)).toEqual({
    kind: "unsupported",
    what: "The text is UTF-16 big-endian. Save it as UTF-8.",
  });
});

test("a log written in two pieces gives the same lines wherever it was cut", async () => {
  const whole = Buffer.from('\uFEFF{"a": "ä€😀"}\r\nsecond\n\nlast\n');
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const path = await folder.write("cut.log", whole.subarray(0, cut));
    const first = await read(path);
    await appendFile(path, whole.subarray(cut));
    const second = await read(path, first);
    expect([cut, first.text + second.text, second.line, second.firstLine, second.restarted]).toEqual([
      cut,
      '{"a": "ä€😀"}\r\nsecond\n\nlast\n',
      4,
      first.line,
      false,
    ]);
  }
});

test.each([1, 2, 3, 7, 100])("windows of %i bytes give the same lines as one read", async (maxBytes) => {
  const content = "one\n\ntwo and more\r\nä\nlast\n";
  const texts = await readAll(await folder.write("windows.log", content), maxBytes);
  expect([texts.map(({ text }) => text).join(""), texts.at(-1)?.line, texts.at(-1)?.more]).toEqual([content, 5, false]);
});

const HEAD = `config ${"x".repeat(300)}\n`;

test.each([
  { change: "was cut short", next: HEAD },
  { change: "was emptied", next: "" },
  { change: "was written anew with another start", next: `other ${"x".repeat(301)}\n1\n2\n3\n` },
  { change: "was written anew with the same start and grew past the old end", next: `${HEAD}7\n8\n9\n` },
])("a log that $change is read from its start", async ({ next }) => {
  const path = await folder.write("changed.log", `${HEAD}1\n2\n`);
  const before = await read(path);
  await writeFile(path, next);
  expect(short(await read(path, before))).toEqual([next, next.length, next.split("\n").length - 1, 0, true, false]);
});

test("a log that another file was moved over is read from its start", async () => {
  const path = await folder.write("moved.log", "1\n");
  const before = await read(path);
  await rename(await folder.write("moved.log.tmp", "1\n2\n"), path);
  expect(short(await read(path, before))).toEqual(["1\n2\n", 4, 2, 0, true, false]);
});

test("a log rewritten with the same lines and more goes on", async () => {
  const path = await folder.write("same.log", "1\n");
  const before = await read(path);
  await writeFile(path, "1\n2\n");
  expect(short(await read(path, before))).toEqual(["2\n", 4, 2, 1, false, false]);
});

test.each([10, WINDOW, MAX_LINE_BYTES * 4])(
  "a line that is too long is emptied and reported, read in windows of %i bytes",
  async (maxBytes) => {
    const long = "x".repeat(MAX_LINE_BYTES + 1);
    const fits = "y".repeat(MAX_LINE_BYTES);
    const texts = await readAll(await folder.write("long.log", `a\n${long}\nb\n${fits}\n${long}`), maxBytes);
    expect([
      texts.map(({ text }) => text).join("") === `a\n\nb\n${fits}\n`,
      texts.flatMap(({ problems }) => problems.map(({ line }) => line)),
      texts.at(-1)?.line,
    ]).toEqual([true, [1], 4]);
  },
);

test("files that are read at once, in batches large enough to use memory again, each give their own text", async () => {
  const texts = ["a", "b", "c"].map((letter) => `${letter.repeat(99)}\n`.repeat(15_000));
  const paths = await Promise.all(texts.map(async (text, index) => folder.write(`large${index}.log`, text)));
  for (let round = 0; round < 3; round += 1) {
    const found = await Promise.all(paths.map(async (path) => read(path, null, 8_000_000)));
    expect(found.map(({ text }, index) => text === texts[index])).toEqual([true, true, true]);
  }
});

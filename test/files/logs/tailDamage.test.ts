import { appendFile, rename, utimes, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogText, TextPosition } from "#files/logs/logText.ts";
import { readLines, readRest } from "#files/logs/tail.ts";
import { readWhole } from "#files/logs/whole.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

async function read(path: string, from: TextPosition | null = null): Promise<LogText> {
  const outcome = await readLines(path, from, 2 ** 16);
  if (outcome.kind !== "ok") {
    throw new Error(`unexpected ${outcome.kind}`);
  }
  return outcome.value;
}

test("NUL bytes that a network file system shows at the end give way to the lines that were written", async () => {
  const path = await folder.write("nfs.log", `1\n${"\0".repeat(4)}`);
  const early = await read(path);
  await writeFile(path, "1\n2\n3\n");
  const late = await read(path, early);
  expect([early.text, late.text, late.restarted]).toEqual(["1\n", "2\n3\n", false]);
});

test("a hole of NUL bytes in the middle costs no line but its own", async () => {
  const path = await folder.write("hole.log", `1\n${"\0".repeat(5000)}2\n3\n`);
  const { text, line } = await read(path);
  expect([text.replaceAll("\0", ""), line]).toEqual(["1\n2\n3\n", 3]);
});

test("a hole just before the position that is filled later makes the log start again", async () => {
  const path = await folder.write("filled.log", `1\n${"\0".repeat(20)}\n2\n`);
  const before = await read(path);
  await writeFile(path, `1\n${"9".repeat(20)}\n2\n`);
  expect(await read(path, before)).toMatchObject({ text: `1\n${"9".repeat(20)}\n2\n`, restarted: true });
});

test("other content of the same size is read from its start", async () => {
  const path = await folder.write("size.log", "1\n2\n");
  const before = await read(path);
  await writeFile(path, "7\n8\n");
  expect(await read(path, before)).toMatchObject({ text: "7\n8\n", firstLine: 0, restarted: true });
});

test("a log that was cut to nothing and grew again beyond its old end is read from its start", async () => {
  const path = await folder.write("regrown.log", "step 1\nstep 2\n");
  const before = await read(path);
  await writeFile(path, "");
  const emptied = await read(path, before);
  await appendFile(path, "step 7\nstep 8\nstep 9\n");
  expect([emptied.restarted, (await read(path, before)).text, (await read(path, emptied)).text]).toEqual([
    true,
    "step 7\nstep 8\nstep 9\n",
    "step 7\nstep 8\nstep 9\n",
  ]);
});

test("a log that was moved away and begun anew under its name is read from its start", async () => {
  const path = await folder.write("rotated.log", "1\n2\n");
  const before = await read(path);
  await rename(path, `${path}.1`);
  await folder.write("rotated.log", "3\n");
  expect(await read(path, before)).toMatchObject({ text: "3\n", restarted: true });
});

test("progress bars without a newline wait until their line ends, wherever reads fall", async () => {
  const line = Buffer.from("\r 1%|▍  | 1/9 [00:01]\r 2%|▊  | 2/9 [00:02]{'loss': 1.5, 'epoch': 0.1}\n\r 3%|");
  const end = line.lastIndexOf("\n") + 1;
  for (let cut = 1; cut < line.length; cut += 1) {
    const path = await folder.write("bars.log", line.subarray(0, cut));
    const first = await read(path);
    await appendFile(path, line.subarray(cut));
    const second = await read(path, first);
    expect([cut, first.text + second.text, second.restarted]).toEqual([cut, line.subarray(0, end).toString(), false]);
  }
});

test("a byte order mark that arrives in two pieces is no text", async () => {
  const mark = Buffer.from("\uFEFFa\n");
  for (const cut of [1, 2, 3]) {
    const path = await folder.write("mark.log", mark.subarray(0, cut));
    const first = await read(path);
    await appendFile(path, mark.subarray(cut));
    expect([cut, first.text + (await read(path, first)).text]).toEqual([cut, "a\n"]);
  }
});

test("UTF-16 that arrives in odd pieces gives each line once", async () => {
  const whole = Buffer.from("\uFEFFä\u0A0D\r\nb\r\nc\r\n", "utf16le");
  for (let cut = 2; cut < whole.length; cut += 1) {
    const path = await folder.write("odd.log", whole.subarray(0, cut));
    const first = await read(path);
    await appendFile(path, whole.subarray(cut));
    const second = await read(path, first);
    expect([cut, first.text + second.text, second.line]).toEqual([cut, "ä\u0A0D\r\nb\r\nc\r\n", 3]);
  }
});

test("what follows the last newline of UTF-16 is read as UTF-16", async () => {
  const path = await folder.write("rest.log", Buffer.from("\uFEFFa\r\nb", "utf16le"));
  expect(await readRest(path, (await read(path)).offset)).toBe("b");
});

test("a whole file of the same size and another time is read again", async () => {
  const path = await folder.write("state.json", '{"a": 1}');
  const first = await readWhole(path, null);
  await writeFile(path, '{"a": 2}');
  await utimes(path, 2000, 2000);
  const again = first.kind === "ok" ? await readWhole(path, first.value) : first;
  expect(again).toMatchObject({ value: { text: '{"a": 2}', restarted: true } });
});

import { expect, test } from "vitest";
import type { LogReader } from "#readers/logs/reader.ts";
import { identifyLog, LOG_READERS, readerFor } from "#readers/logs/readers.ts";

test.each([
  { log: "rows of JSON", head: '{"event": "config"}\n{"step": 1, "loss": 2}\n', format: "jsonl" },
  { log: "rows of JSON, the last one cut", head: '{"step": 1, "loss": NaN}\n{"st', format: "jsonl" },
  { log: "a single row of JSON", head: '{"step": 1, "loss": 2}', format: "jsonl" },
  { log: "JSON of texts", head: '{"text": "a"}\n{"text": "b"}\n', format: undefined },
  { log: "a table", head: "step,loss\n1,2\n", format: "csv" },
  { log: "a table without steps", head: "name,loss\na,2\n", format: undefined },
  { log: "a table without norms", head: "step,price\n1,2\n", format: undefined },
  { log: "a trainer state", head: '{\n  "best_metric": null,\n  "log_history": [\n', format: "trainerState" },
  { log: "a console", head: "Loading\n\r{'loss': 1.5, 'epoch': 0.1}\n", format: "huggingFaceConsole" },
  { log: "prose", head: "Starting the server, step 1, loss 2\n", format: undefined },
  { log: "nothing", head: "", format: undefined },
  { log: "bytes", head: "\0step,loss\n", format: undefined },
  { log: "a byte order mark and rows", head: '\uFEFF{"step": 1, "loss": 2}\n', format: "jsonl" },
])("$log is $format", ({ head, format }) => {
  expect(identifyLog("/runs/some.log", Buffer.from(head))).toBe(format);
});

test("UTF-16 of PowerShell is read before it is judged", () => {
  expect(identifyLog("a.csv", Buffer.from("\uFEFFstep,loss\r\n1,2\r\n", "utf16le"))).toBe("csv");
});

test("trainer_state.json is known by its name on both kinds of path", () => {
  const head = Buffer.from("{");
  expect([identifyLog("/a/trainer_state.json", head), identifyLog(String.raw`C:\a\trainer_state.json`, head)]).toEqual([
    "trainerState",
    "trainerState",
  ]);
});

test("every format has its reader", () => {
  expect(LOG_READERS.map((reader) => readerFor(reader.format) === reader)).toEqual(LOG_READERS.map(() => true));
});

test("a head of unclosed dicts is judged in time", () => {
  expect(identifyLog("a.log", Buffer.from(`{${"'loss':'epoch':".repeat(17_000)}`))).toBeUndefined();
});

test("no reader throws or hangs on noise", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const alphabet = [
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ":",
    ",",
    ";",
    "\\",
    "\n",
    "\r",
    "\0",
    "1",
    "-",
    "e",
    "NaN",
    "step",
    "loss",
    "|",
    "%",
    "/",
    " ",
    "\u001b[",
  ];
  for (let round = 0; round < 500; round += 1) {
    const text = Array.from({ length: random(200) }, () => alphabet[random(alphabet.length)]).join("");
    for (const reader of LOG_READERS) {
      expect(() => parseNoise(reader, text)).not.toThrow();
    }
  }
});

function parseNoise(reader: LogReader, text: string): unknown {
  switch (reader.growth) {
    case "byRecords":
      return reader.parse(Buffer.from(text), { offset: 0, firstRecord: 0, carry: text, isEnd: true });
    case "byFolder":
      return reader.parse([{ path: "metrics/loss", text, firstLine: 0 }], text);
    case "byQueries":
      return reader.read({ all: () => [{ run_uuid: "a", metrics: text, key: text }] }, { run: null, carry: text });
    case "byLines":
    case "byReplacement":
      return reader.parse(text, { firstLine: 0, carry: text });
  }
}

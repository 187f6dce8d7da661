import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommandLine } from "#cli/commandLine.ts";
import { COMMANDS } from "#cli/commands.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { createRandom } from "../support/random.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
  await folder.write("log.jsonl", '{"step":1,"grad_norm":1}\n{"step":2,"grad_norm":2}\n');
  await folder.write("bad.safetensors", "abc");
});
afterAll(async () => folder.dispose());

interface Said {
  readonly code: number;
  readonly stderr: string;
}

async function run(args: readonly string[]): Promise<Said> {
  let stderr = "";
  const quiet = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const loud = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    return { code: await runCommandLine(args, new AbortController().signal), stderr };
  } finally {
    quiet.mockRestore();
    loud.mockRestore();
  }
}

/** Words of the command line, mistaken ones among them. `watch` would not end, so it gets no path that is there. */
function words(name: string): string[] {
  const flags = COMMANDS.flatMap(({ options }) => Object.keys(options).map((option) => `--${option}`));
  const values = [
    "1",
    "-1",
    "0",
    "1e999",
    "NaN",
    "",
    " ",
    "x",
    "a/b",
    "3/2",
    "1/1",
    "json",
    "sarif",
    "GN201",
    "GN201:*",
    ",",
  ];
  const odd = [
    "--",
    "-",
    "--=",
    "--json=1",
    "-o",
    "-hx",
    "--rule=",
    "--no-such",
    "\u001B[31m",
    "\0",
    "é\nb",
    "[",
    "(",
    "*",
  ];
  const paths = name === "watch" ? ["nowhere"] : ["log.jsonl", "bad.safetensors", "nowhere"];
  return [...flags, ...values, ...odd, ...paths.map((path) => `${folder.path}/${path}`)];
}

test("whatever stands on the command line, it ends with a known code, and a failure with one line and no stack", async () => {
  const random = createRandom(7);
  const names = [...COMMANDS.map(({ help }) => help.name), "help", "--version", "bogus", "", "__proto__"];
  const wrong: unknown[] = [];
  for (let round = 0; round < 400; round += 1) {
    const name = random.pick(names);
    const args = [name, ...Array.from({ length: random.below(5) }, () => random.pick(words(name)))];
    const { code, stderr } = await run(
      args.includes("--distributed") ? args.filter((arg) => arg !== "--distributed") : args,
    );
    const lines = stderr.split("\n").filter((line) => line !== "");
    const isTold = code !== 2 || (lines.length >= 1 && lines.every((line) => !/^\s+at /.test(line)));
    const isKnown = [0, 1, 2].includes(code);
    if (
      !isKnown ||
      !isTold ||
      ["\u001B", "\0"].some((one) => stderr.includes(one)) ||
      /TypeError|ReferenceError/.test(stderr)
    ) {
      wrong.push({ args, code, stderr });
    }
  }
  expect(wrong).toEqual([]);
});

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { buildProgram } from "../../support/build.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import type { Result } from "../program.ts";

let script: string;
let folder: TestFolder;
let local: string;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  const tensors = Object.fromEntries(
    ["a", "b", "it's c"].map((name, at) => {
      const values = Float32Array.from({ length: 1000 }, (_, index) => Math.sin(index + at));
      return [name, { dtype: "F32", shape: [1000], data: bytesOf(values) }];
    }),
  );
  await folder.write("w.safetensors", safetensorsFile(tensors));
  local = withoutTimes((await gradlens("norms", "w.safetensors", "--json", "--engine", "simd")).stdout);
});
afterAll(async () => folder.dispose());

/** In an environment in which no launcher tells anything, but for what is given. */
async function run(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Result> {
  const { PATH = "", XDG_CACHE_HOME = "" } = process.env;
  return new Promise((resolve) => {
    const options = { cwd: folder.path, env: { PATH, XDG_CACHE_HOME, ...environment } };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

async function gradlens(...args: readonly string[]): Promise<Result> {
  return run({}, ...args);
}

/** The text as it is printed, but for what the clock says. */
function withoutTimes(json: string): string {
  return json.replaceAll(/"seconds": [\d.e-]+/g, '"seconds": 0').replaceAll(/"rates": \[[^\]]*\]/g, '"rates": []');
}

async function task(rank: number, size: number, ...args: readonly string[]): Promise<Result> {
  const environment = { RANK: String(rank), WORLD_SIZE: String(size) };
  return run(environment, "norms", "w.safetensors", "--distributed", ...args);
}

test("shares merged in any order print what one run prints, byte for byte, and for people too", async () => {
  for (const index of [1, 2, 3]) {
    const { code, stdout } = await gradlens(
      "norms",
      "w.safetensors",
      "--shard",
      `${index}/3`,
      "-o",
      `any-${index}.json`,
    );
    expect([code, stdout]).toEqual([0, ""]);
  }
  const parts = ["any-3.json", "any-1.json", "any-2.json"];
  const [merged, text, localText] = [
    await gradlens("merge", ...parts, "--json"),
    await gradlens("merge", ...parts),
    await gradlens("norms", "w.safetensors", "--engine", "simd"),
  ];
  expect([withoutTimes(merged.stdout), text.stdout]).toEqual([local, localText.stdout]);
});

test("two tasks write their shares, the first one merges them into its file, and nothing else stays", async () => {
  const [first, second] = await Promise.all([
    task(0, 2, "--json", "-o", "two.json", "--timeout", "60"),
    task(1, 2, "--json", "-o", "two.json"),
  ]);
  expect([first.code, first.stdout, second.code, second.stdout]).toEqual([0, "", 0, ""]);
  expect(withoutTimes(await readFile(join(folder.path, "two.json"), "utf8"))).toBe(local);
  expect((await readdir(folder.path)).filter((name) => /shares|unfinished|looking/.test(name))).toEqual([]);
});

test("after its time limit the first task names what is missing, and the commands it names complete the run", async () => {
  const late = await task(0, 3, "--json", "--only", "^(?!b$)", "--share-folder", "late shares", "--timeout", "1");
  const [, job = ""] = / again with --job (\w+)\.\n$/.exec(late.stderr) ?? [];
  const place = `late shares/job-${job}`;
  expect([late.code, late.stderr.split("\n").at(-2)]).toEqual([
    2,
    "gradlens: Shares 2, 3 of 3 are missing after 1 s (ranks 1, 2). " +
      `What is there stays in ${place}. ` +
      `To complete it: gradlens norms w.safetensors --only '^(?!b$)' --shard 2/3 -o '${place}/share-2-of-3.json' and so on; ` +
      `then: gradlens merge '${place}'/share-*-of-3.json --json; or run all tasks again with --job ${job}.`,
  ]);
  for (const index of [2, 3]) {
    const output = `${place}/share-${index}-of-3.json`;
    await gradlens("norms", "w.safetensors", "--only", "^(?!b$)", "--shard", `${index}/3`, "-o", output);
  }
  const merged = await gradlens("merge", ...[1, 2, 3].map((index) => `${place}/share-${index}-of-3.json`), "--json");
  const whole = await gradlens("norms", "w.safetensors", "--only", "^(?!b$)", "--json", "--engine", "simd");
  expect(withoutTimes(merged.stdout)).toBe(withoutTimes(whole.stdout));
});

test("a share of an earlier attempt is taken when it is of the same computation, and replaced when it is not", async () => {
  const place = ["--share-folder", "attempts", "--job", "x"];
  await task(1, 2, ...place);
  const same = await task(1, 2, ...place);
  const other = await task(1, 2, ...place, "--full");
  expect([same.stderr, other.stderr].map((text) => text.includes("was there already"))).toEqual([true, false]);
  const stale = await task(0, 2, ...place, "--timeout", "1");
  expect([stale.code, stale.stderr]).toEqual([
    2,
    expect.stringContaining(
      "share-2-of-2.json is not of this run: they have different options: --full not given and given.",
    ),
  ]);
});

describe("exit code 2 and one line for", () => {
  test.each([
    {
      what: "a share without a file",
      args: ["norms", "w.safetensors", "--shard", "1/2"],
      says: "--shard: name the file for the share with -o",
    },
    {
      what: "a share beyond the last",
      args: ["norms", "w.safetensors", "--shard", "3/2", "-o", "x"],
      says: "--shard 3/2: must be i/n",
    },
    {
      what: "a share of two paths",
      args: ["norms", "a", "b", "--shard", "1/2", "-o", "x"],
      says: "--shard takes one PATH, not 2",
    },
    {
      what: "tasks without a common folder",
      args: ["norms", "a", "--distributed", "--shard", "1/2"],
      says: "give -o FILE or --share-folder DIR",
    },
    {
      what: "tasks without a launcher",
      args: ["norms", "a", "--distributed", "-o", "x"],
      says: "no launcher tells which task this is",
    },
    {
      what: "a time limit of no tasks",
      args: ["norms", "a", "--timeout", "5"],
      says: "--timeout belongs to --distributed",
    },
    {
      what: "a time limit of no time",
      args: ["norms", "a", "--distributed", "-o", "x", "--shard", "1/2", "--timeout", "0"],
      says: "--timeout 0: must be a whole number from 1",
    },
    {
      what: "a checkpoint instead of a share",
      args: ["merge", "w.safetensors"],
      says: "w.safetensors cannot be merged: it is no whole JSON document",
    },
    {
      what: "a share that is not there",
      args: ["merge", "nowhere.json"],
      says: "nowhere.json: The file is not there.",
    },
    {
      what: "a result in a folder that is not there",
      args: ["norms", "w.safetensors", "-o", "no/x.json"],
      says: "no/x.json: The folder that it would be written into is not there. Make it first.",
    },
  ])("$what", async ({ args, says }) => {
    const { code, stdout, stderr } = await gradlens(...args);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(says)]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test("shares that are missing, with the command for the next", async () => {
    await gradlens("norms", "w.safetensors", "--full", "--shard", "1/2", "-o", "one.json");
    const { code, stderr } = await gradlens("merge", "one.json");
    expect([code, stderr]).toEqual([
      2,
      "gradlens: Share 2 of 2 is missing. To compute it: gradlens norms w.safetensors --full --shard 2/2 -o share-2.json.\n",
    ]);
  });

  test("a share of which an end is missing, and one that something else wrote", async () => {
    await gradlens("norms", "w.safetensors", "--shard", "1/1", "-o", "whole.json");
    const text = await readFile(join(folder.path, "whole.json"), "utf8");
    await folder.write("cut.json", text.slice(0, -100));
    await folder.write("other.json", "{}");
    const [cut, other] = [await gradlens("merge", "cut.json"), await gradlens("merge", "other.json")];
    expect([cut.stderr, other.stderr]).toEqual([
      "gradlens: cut.json cannot be merged: it is no whole JSON document; it may have been cut.\n",
      "gradlens: other.json cannot be merged: it is no share that gradlens norms --shard wrote.\n",
    ]);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { runGradlens } from "./program.ts";
import type { Gradlens } from "./program.ts";

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  const logPatterns = [String.raw`it=(?<step>\d+) g=(?<value>\S+)`];
  const ignore = [{ rule: "GN101", path: "known/*" }];
  await folder.write("project/gradlens.config.json", JSON.stringify({ rules: { GN201: false }, ignore, logPatterns }));
  await folder.write("project/spiking/train.txt", logOf({ 150: "5" }));
  await folder.write("project/known/train.txt", logOf({ 150: "nan" }));
  await folder.write("project/broken/train.txt", logOf({ 150: "nan" }));
  await folder.write("other.json", JSON.stringify({ rules: { GN201: true }, logPatterns }));
  await folder.write("wrong/gradlens.config.json", '{ "ruls": {} }');
  await folder.write("wrong/log.jsonl", '{"step":1,"grad_norm":1}\n');
});
afterAll(async () => folder.dispose());

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

/** A log of an own kind that only the project's pattern can read: norms around 1, and some that are told. */
function logOf(told: Readonly<Record<number, string>>): string {
  return Array.from({ length: 200 }, (_, index) => {
    const step = index + 1;
    return `it=${step} g=${told[step] ?? 1 + 0.1 * Math.sin(12.9898 * step ** 2)}\n`;
  }).join("");
}

interface LogDocument {
  readonly runs: readonly { readonly findings: readonly { readonly rule: string }[] }[];
}

/** The rules that speak of a run, as each command says it. */
const ASKED = {
  check: async (path: string, ...more: readonly string[]): Promise<string[]> => {
    const { stdout } = await gradlens("check", path, "--format", "json", ...more);
    return (JSON.parse(stdout) as { findings: { rule: string }[] }).findings.map(({ rule }) => rule);
  },
  log: async (path: string, ...more: readonly string[]): Promise<string[]> => {
    const { runs } = JSON.parse((await gradlens("log", path, "--json", ...more)).stdout) as LogDocument;
    return runs.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  },
  watch: async (path: string, ...more: readonly string[]): Promise<string[]> => {
    const child = spawn(process.execPath, [script, "watch", path, ...more], { cwd: folder.path });
    const exited = once(child, "exit");
    let output = "";
    for await (const data of child.stdout as AsyncIterable<Buffer>) {
      output += data.toString();
      if (output.includes("step 200")) {
        child.kill("SIGINT"); // What is found was written with the line of the last step.
      }
    }
    await exited;
    return [...output.matchAll(/GN\d+/g)].map(([rule]) => rule);
  },
  mcp: async (path: string): Promise<string[]> => {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [script, "mcp", join(folder.path, "project")] }),
    );
    const run = join(folder.path, path);
    const { content } = await client.callTool({ name: "gradlens_find_anomalies", arguments: { run } });
    await client.close();
    const [part] = content;
    return part?.type === "text" ? [...part.text.matchAll(/^- \w+ (GN\d+)/gm)].map(([, rule = ""]) => rule) : [];
  },
};

const COMMANDS = ["check", "log", "watch", "mcp"] as const;

test.each(COMMANDS)("%s reads the project's lines, switches its rules and ignores what it ignores", async (command) => {
  const found: Record<string, readonly string[]> = {};
  for (const run of ["spiking", "known", "broken"]) {
    found[run] = await ASKED[command](`project/${run}`);
  }
  expect(found).toEqual({ spiking: [], known: [], broken: ["GN101"] });
});

test.each(["check", "log", "watch"] as const)("%s takes another file in its place", async (command) => {
  const found = await ASKED[command]("project/spiking", "--config", "other.json");
  expect(found).toEqual(["GN201"]);
});

test("clip reads the project's lines", async () => {
  const { code, stdout } = await gradlens("clip", "project/spiking", "--json");
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { steps: 150, clipState: "undetermined" }]);
});

test.each(["check", "log", "clip", "watch"])("%s says where the file is wrong, and reads nothing", async (command) => {
  const { code, stdout, stderr } = await gradlens(command, "wrong");
  expect([code, stdout.includes("GN"), stderr]).toEqual([
    2,
    false,
    `gradlens: ${join(folder.path, "wrong/gradlens.config.json")}: ruls is not known.\n`,
  ]);
});

test.each(["check", "log", "clip", "watch"])("%s says that the file it was told of is not there", async (command) => {
  const { code, stdout, stderr } = await gradlens(command, "project/spiking", "--config", "nowhere.json");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("nowhere.json");
});

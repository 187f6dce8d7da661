import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { callingPickles } from "../support/callingPickles.ts";
import { torchZip } from "../support/torch.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

test("a pickle of every opcode that calls, alone and inside of a PyTorch archive, runs nothing where only reading is allowed", () => {
  const canary = join(folder.path, "it-was-run");
  const paths = callingPickles(canary).flatMap(({ opcode, bytes }) => {
    const plain = join(folder.path, `${opcode}.pkl`);
    const archive = join(folder.path, `${opcode}.pt`);
    writeFileSync(plain, bytes);
    writeFileSync(archive, torchZip(bytes, []));
    return [plain, archive];
  });
  const empty = join(folder.path, "empty");
  mkdirSync(empty);
  const program = join(import.meta.dirname, "../support/openAll.ts");
  const only = ["--permission", "--allow-fs-read=*", "--disable-warning=ExperimentalWarning"];
  const { stdout, stderr } = spawnSync(process.execPath, [...only, program, ...paths], {
    cwd: empty,
    encoding: "utf8",
  });
  const outcomes = Object.entries(JSON.parse(stdout) as Record<string, string>);
  expect([outcomes.length, stderr, readdirSync(empty), existsSync(canary)]).toEqual([paths.length, "", [], false]);
  expect(outcomes.filter(([, outcome]) => !/^0 tensors$|^\/[^\n]+\.$/.test(outcome))).toEqual([]);
});

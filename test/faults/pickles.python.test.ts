import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { callingPickles } from "../support/callingPickles.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const PYTHON = process.env["GRADLENS_PYTHON"] ?? "python3";
const LOAD = "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))";

test.each(callingPickles("a").filter(({ runsAnywhere }) => runsAnywhere))(
  "the attack by $opcode is one: Python runs it",
  ({ opcode }) => {
    const canary = join(folder.path, "it-was-run");
    const path = join(folder.path, "attack.pkl");
    const attack = callingPickles(canary).find((each) => each.opcode === opcode);
    writeFileSync(path, attack?.bytes ?? "");
    spawnSync(PYTHON, ["-c", LOAD, path]);
    expect(existsSync(canary)).toBe(true);
    rmSync(canary);
  },
);

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { PYTHON } from "../support/python.ts";
import { codeBlocks } from "./pages.ts";

test.each(codeBlocks("python").map((block) => ({ where: `${block.page}:${block.line}`, ...block })))(
  "the snippet of $where runs as it stands",
  ({ text }) => {
    const { status, stderr } = spawnSync(PYTHON, ["-"], { input: text, encoding: "utf8" });
    expect(status, stderr).toBe(0);
  },
);

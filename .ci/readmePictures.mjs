/** Takes the pictures of README and docs anew, in the real VS Code, and puts them into docs/images. */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build, onPinnedNode, PINNED_NODE, pinnedEnv, ROOT, SetupError, WORKBENCH_CACHE } from "./setup.mjs";

const TEST = ["run", "--project", "browser", "test/browser/readmePictures.test.ts"];

await onPinnedNode(import.meta.url, async () => {
  build();
  const options = { cwd: ROOT, stdio: "inherit", env: pinnedEnv() };
  if (spawnSync(PINNED_NODE, ["node_modules/vitest/vitest.mjs", ...TEST], options).status !== 0) {
    throw new SetupError("The pictures were not taken; those in docs/images are as they were.");
  }
  const taken = join(WORKBENCH_CACHE, "readmePictures");
  cpSync(taken, join(ROOT, "docs/images"), { recursive: true });
  console.log(`Put into docs/images: ${readdirSync(taken).join(", ")}`);
});

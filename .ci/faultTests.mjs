/** `npm run test:faults`: everything that can go wrong, at nearly every place. Arguments go to vitest, such as the name of a file. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { onPinnedNode, PINNED_NODE, pinnedEnv, ROOT } from "./setup.mjs";

await onPinnedNode(import.meta.url, async () => {
  const reporters = ["--reporter=default", `--reporter=${join(ROOT, ".ci/faultTable.mjs")}`];
  const limits = ["--testTimeout=1800000", "--hookTimeout=120000"];
  const { status } = spawnSync(
    PINNED_NODE,
    ["node_modules/vitest/vitest.mjs", "run", "--project", "faults", ...reporters, ...limits, ...process.argv.slice(2)],
    { cwd: ROOT, env: { ...pinnedEnv(), GRADLENS_FAULTS: "all" }, stdio: "inherit" },
  );
  process.exitCode = status ?? 1;
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openWorkbench } from "./workbench.ts";

test("in a folder without a training it does not start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-other-"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src", "main.ts"), "export const clip_grad_norm_ = 1;\n");
  writeFileSync(join(folder, "README.md"), "# Another project\n");
  const workbench = await openWorkbench({ folder, size: { width: 1440, height: 4000 } }); // Room for all rows.
  try {
    await workbench.openFile("main.ts");
    await workbench.runCommand("Developer: Show Running Extensions");
    const running = workbench.page.locator(".runtime-extensions-editor");
    // The one starts with a file, the other once all have started that a folder's content starts.
    for (const other of [/TypeScript/, /Merge Conflict/]) {
      await running.getByText(other).first().waitFor();
    }
    expect(await running.getByText(/gradlens/i).count()).toBe(0);
  } finally {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

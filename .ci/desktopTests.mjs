/** Runs test/host in a desktop VS Code: the installed one, else one that @vscode/test-electron downloads. */
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, findOnPath, hasDisplay, onPinnedNode, ROOT, SetupError, WORKBENCH_CACHE } from "./setup.mjs";

await onPinnedNode(import.meta.url, async () => {
  if (!hasDisplay()) {
    throw new SetupError("A desktop VS Code needs a display: run `xvfb-run -a npm run test:desktop`.");
  }
  build("--tests");
  const { downloadAndUnzipVSCode, runTests } = await import("@vscode/test-electron");
  const vscodeExecutablePath = findInstalled() ?? (await download(downloadAndUnzipVSCode));
  const scratch = mkdtempSync(join(tmpdir(), "gradlens-desktop-"));
  const folder = join(scratch, "char-transformer");
  cpSync(join(ROOT, "examples/char-transformer"), folder, { recursive: true });
  const report = join(scratch, "report.json");
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: join(ROOT, "dist/test/host.cjs"),
      extensionTestsEnv: { GRADLENS_TEST_REPORT: report },
      launchArgs: [
        folder,
        "--disable-extensions",
        "--disable-workspace-trust",
        `--user-data-dir=${join(scratch, "user")}`,
      ],
    });
  } finally {
    printReport(report);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** The program behind the command `code`. */
function findInstalled() {
  const command = findOnPath(["code"]);
  if (command === undefined) {
    return undefined;
  }
  const folder = dirname(dirname(realpathSync(command)));
  const programs = { win32: join(folder, "Code.exe"), darwin: join(folder, "../../MacOS/Electron") };
  const program = programs[process.platform] ?? join(folder, "code");
  return existsSync(program) ? program : undefined;
}

async function download(downloadAndUnzipVSCode) {
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(WORKBENCH_CACHE, "vscode-test") });
  } catch (error) {
    throw new SetupError(
      `Install desktop VS Code so that \`code\` is on PATH: none is there, and downloading one failed (${error.message}).`,
    );
  }
}

function printReport(path) {
  if (!existsSync(path)) {
    console.error("The tests left no report.");
    return;
  }
  const { stats, failures } = JSON.parse(readFileSync(path, "utf8"));
  for (const { fullTitle, err } of failures) {
    console.error(`✗ ${fullTitle}\n${err.stack ?? err.message}`);
  }
  console.log(`\n${stats.passes} passed, ${stats.failures + stats.pending} failed`);
}

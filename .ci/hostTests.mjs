/**
 * Runs test/host inside the extension host of the embedded workbench. Arguments: where the JSON report goes, and a pattern
 * of names of the tests that are to be run.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { launchChromium } from "./chromium.mjs";
import { endWithParent, ROOT } from "./setup.mjs";
import { startWorkbench } from "./workbench.mjs";

const LIMIT_MS = 1_200_000;
/** Native parts of the server that need a compiler; without them only log files and a watchdog are missing. */
const EXPECTED = /spdlog|native-watchdog|open-vsx/;
const report = resolve(process.argv[2] ?? join(ROOT, ".workbench/reports/host.json"));
const grep = process.argv[3] ?? process.env["GRADLENS_TEST_GREP"];

endWithParent();
rmSync(report, { force: true });
const scratch = mkdtempSync(join(tmpdir(), "gradlens-host-"));
const folder = join(scratch, "char-transformer");
cpSync(join(ROOT, "examples/char-transformer"), folder, { recursive: true });
const server = await startWorkbench({
  dataDir: join(scratch, "data"),
  env: { GRADLENS_TEST_REPORT: report, ...(grep && { GRADLENS_TEST_GREP: grep }) },
});
const browser = await launchChromium();
try {
  const log = [];
  const code = await runSuite(await browser.newPage(), log);
  if (code !== 0) {
    process.exitCode = 1;
  }
  for (const line of log.filter((text) => text.includes("measured: "))) {
    console.log(line);
  }
  if (existsSync(report)) {
    printReport(JSON.parse(readFileSync(report, "utf8")));
  } else {
    console.error(`The extension host's tests left no report (exit code ${code}). Their log:`);
    console.error(log.filter((line) => !EXPECTED.test(line)).join("\n"));
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** The workbench calls these two functions where it finds them on the page: that is how it reports an automated run. */
async function runSuite(page, log) {
  const ended = new Promise((settle) => {
    page.exposeFunction("codeAutomationExit", (code) => settle(code));
    setTimeout(() => settle(`none: it ran past ${LIMIT_MS / 1000} s`), LIMIT_MS).unref();
  });
  await page.exposeFunction("codeAutomationLog", (type, args) => log.push(`${type}: ${args.join(" ")}`));
  const payload = [
    ["extensionDevelopmentPath", ROOT],
    ["extensionTestsPath", join(ROOT, "dist/test/host.cjs")],
  ];
  await page.goto(server.url(folder, payload));
  return ended;
}

function printReport({ stats, failures }) {
  for (const { fullTitle, err } of failures) {
    console.error(`✗ ${fullTitle}\n${err.stack ?? err.message}`);
  }
  console.log(`${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped inside the extension host.`);
}

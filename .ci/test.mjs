/** Runs every check, one after the other, and goes on after a failure. Arguments: the names of the stages to run. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import {
  ensureChromium,
  ensureCluster,
  ensurePython,
  ensureServer,
  ensureWebGpu,
  onPinnedNode,
  PINNED_NODE,
  pinnedEnv,
  ROOT,
  WORKBENCH_CACHE,
} from "./setup.mjs";

const REPORTS = join(WORKBENCH_CACHE, "reports");
const VITEST = "node_modules/vitest/vitest.mjs";

/**
 * A stage is one check, unless it has a report: then every test in it counts. `needs` are stages that must have passed. One
 * with a `platform` is run on that alone.
 */
const STAGES = {
  types: { run: checkTypes },
  generated: { run: checkGenerated },
  lint: { run: () => node("node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings") },
  format: { run: () => node("node_modules/oxfmt/bin/oxfmt", "--check") },
  unit: { run: () => vitest("unit"), report: countVitest },
  faults: { platform: "linux", run: () => vitest("faults"), report: countVitest },
  python: { run: () => testWithPython("python"), report: countVitest },
  docs: { run: () => testWithPython("docs"), report: countVitest },
  build: { run: () => node("esbuild.config.mjs", "--tests") },
  workbench: { run: prepareWorkbench },
  host: { needs: ["build", "workbench"], run: () => node(".ci/hostTests.mjs", reportOf("host")), report: countMocha },
  gpu: { needs: ["workbench"], run: () => vitest("gpu", ensureWebGpu()), report: countVitest },
  cluster: { platform: "linux", run: runCluster, report: countVitest },
  package: { needs: ["workbench"], run: () => vitest("package"), report: countVitest },
  pages: { needs: ["build", "workbench"], run: () => vitest("pages"), report: countVitest },
  browser: { needs: ["build", "workbench"], run: () => vitest("browser"), report: countVitest },
};

await onPinnedNode(import.meta.url, async () => {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !(name in STAGES));
  if (unknown.length > 0) {
    throw new Error(`There is no stage ${unknown.join(", ")}; there are ${Object.keys(STAGES).join(", ")}.`);
  }
  mkdirSync(REPORTS, { recursive: true });
  const results = {};
  for (const name of names.length > 0 ? names : Object.keys(STAGES)) {
    results[name] = await runStage(name, results);
  }
  const passed = sum(Object.values(results).map((result) => result.passed));
  const failed = sum(Object.values(results).map((result) => result.failed));
  process.exitCode = failed > 0 ? 1 : 0;
  console.log(`\n${passed} passed, ${failed} failed`);
});

async function runStage(name, earlier) {
  const stage = STAGES[name];
  const missing = (stage.needs ?? []).filter((need) => (earlier[need]?.failed ?? 0) > 0);
  if (missing.length > 0) {
    return tell(name, 0, { passed: 0, failed: 1, output: `Not run, because ${missing.join(" and ")} failed.` });
  }
  console.log(`\n── ${name}`);
  if (stage.platform !== undefined && stage.platform !== process.platform) {
    console.log(`Not run: it is for ${stage.platform} alone.`);
    return { passed: 0, failed: 0 };
  }
  const start = Date.now();
  rmSync(reportOf(name), { force: true });
  const { ok, output } = await stage.run(name);
  const counted = stage.report === undefined ? { passed: 1, failed: 0 } : readReport(name, stage.report);
  // A run that fails although every test passed (an error between tests, nothing to run) is a failure as well.
  const failed = counted.failed > 0 || ok ? counted.failed : 1;
  const passed = stage.report === undefined && failed > 0 ? 0 : counted.passed;
  const skips = (counted.skipped ?? []).map((test) => `\nskipped: ${test}`);
  return tell(name, Date.now() - start, { passed, failed, output: output.trimEnd() + skips.join("") });
}

/** The whole, then each room against what its own tsconfig.json allows it to know. */
async function checkTypes() {
  const rooms = ["src", "media", "test"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .filter((path) => basename(path) === "tsconfig.json")
      .map((path) => join(folder, path)),
  );
  const outputs = [];
  for (const config of ["tsconfig.json", ...rooms]) {
    const { ok, output } = await node("node_modules/typescript/bin/tsc", "--noEmit", "--project", config);
    outputs.push(ok ? "" : `${config}\n${output}`);
  }
  return { ok: outputs.every((output) => output === ""), output: outputs.join("") };
}

async function checkGenerated() {
  const writers = [
    "writeOxlintrc",
    "writeAssembly",
    "writeRulesPage",
    "writeCommandsPage",
    "writeSettingsPage",
    "writeConfigSchema",
    "writeSnippets",
    "writeL10n",
  ];
  const checks = await Promise.all([
    ...writers.map((writer) => node(`.ci/${writer}.mjs`, "--check")),
    node(".ci/checkTexts.mjs"),
  ]);
  return { ok: checks.every(({ ok }) => ok), output: checks.map(({ output }) => output).join("") };
}

function tell(name, ms, result) {
  const { passed, failed, output } = result;
  console.log(`${failed > 0 ? "✗" : "✓"} ${name}: ${passed} passed, ${failed} failed (${(ms / 1000).toFixed(1)} s)`);
  if (failed > 0) {
    console.log(output.replaceAll(/^/gm, "    "));
  }
  return result;
}

function readReport(name, count) {
  return existsSync(reportOf(name))
    ? count(JSON.parse(readFileSync(reportOf(name), "utf8")))
    : { passed: 0, failed: 1 };
}

/** A skipped test counts as failed, by name: nothing may be skipped silently. */
function countVitest({ testResults }) {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === "passed").length;
  const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
  return { passed, failed: tests.length - passed, skipped: skipped.map((test) => test.fullName) };
}

function countMocha({ stats, pending }) {
  const skipped = pending.map((test) => test.fullTitle);
  return { passed: stats.passes, failed: stats.failures + skipped.length, skipped };
}

function vitest(project, env = {}) {
  const json = ["--reporter=json", `--outputFile.json=${reportOf(project)}`];
  return runNode([VITEST, "run", "--project", project, "--reporter=default", ...json], env);
}

/** What the libraries of Python write is read by ours, and the documents' snippets run. */
async function testWithPython(project) {
  try {
    return await vitest(project, { GRADLENS_PYTHON: ensurePython() });
  } catch (error) {
    return { ok: false, output: error.message };
  }
}

async function prepareWorkbench() {
  try {
    ensureServer();
    ensureChromium();
    ensureWebGpu();
    return { ok: true, output: "" };
  } catch (error) {
    return { ok: false, output: error.message };
  }
}

async function runCluster() {
  try {
    ensureCluster();
  } catch (error) {
    return { ok: false, output: error.message };
  }
  return vitest("cluster");
}

function node(...args) {
  return runNode(args, {});
}

function runNode(args, env) {
  const child = spawn(PINNED_NODE, args, {
    cwd: ROOT,
    env: { ...pinnedEnv(), NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => {
    child.kill();
    process.exit(130);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", end).off("SIGTERM", end);
      resolve({ ok: code === 0, output });
    });
  });
}

function reportOf(name) {
  return join(REPORTS, `${name}.json`);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

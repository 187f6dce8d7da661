import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

const TEST_LIMIT_MS = 180_000; // What a test waits for has a limit of its own, which says what did not come.

/**
 * Called inside the extension host. The report (Mocha's JSON) goes to GRADLENS_TEST_REPORT; rejects when a test fails. Of the
 * tests run those whose names GRADLENS_TEST_GREP matches.
 */
export async function run(): Promise<void> {
  const output = process.env["GRADLENS_TEST_REPORT"];
  if (output === undefined) {
    throw new Error("GRADLENS_TEST_REPORT must name the file for the report.");
  }
  const mocha = new Mocha({
    ui: "tdd",
    timeout: TEST_LIMIT_MS,
    reporter: "json",
    reporterOptions: { output },
    forbidOnly: true,
    forbidPending: true,
    grep: new RegExp(process.env["GRADLENS_TEST_GREP"] ?? ""),
  });
  await loadSuites(mocha);
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) {
    throw new Error(`${failures} host tests failed.`);
  }
}

/** Every *.suite.ts beside this file: the build puts them all into the bundle, the folder says which there are. */
async function loadSuites(mocha: Mocha): Promise<void> {
  const source = join(__dirname, "../../test/host"); // From dist/test.
  const names = readdirSync(source).flatMap((file) => /^(\w+)\.suite\.ts$/.exec(file)?.[1] ?? []);
  // This event makes `suite` and `test` known: Mocha emits it itself only for files that it loads.
  mocha.suite.emit("pre-require", globalThis, source, mocha);
  for (const name of names) {
    await import(`./${name}.suite.ts`);
  }
}

import process from "node:process";
import { toJson } from "#core/json.ts";
import { isAtLeast } from "#core/rules.ts";
import { describeError } from "#worker/errors.ts";
import { findConfig, readConfig } from "#worker/runs/readConfig.ts";
import { HOMEPAGE, VERSION } from "../manifest.ts";
import { createProgressLine } from "../text/progressLine.ts";
import { describeUnreadable } from "../text/unreadableText.ts";
import type { Unreadable } from "../runs/loadRuns.ts";
import type { CheckFinding } from "./checkFinding.ts";
import { parseCheck, yardstickOf } from "./checkOptions.ts";
import type { CheckRequest } from "./checkOptions.ts";
import { checkPath } from "./checkPath.ts";
import type { Checked } from "./checkPath.ts";
import { countText, toText } from "./checkText.ts";
import { toSarif } from "./sarif.ts";

/** All PATHs together, and whether one of them fails. */
interface CheckOutcome extends Checked {
  readonly hasFailed: boolean;
}

const FAILED = 1;
const UNREADABLE = 2;

/** The gate: prints what is wrong, nothing when all is well, and says by its exit code which it is. */
export async function runCheck(args: readonly string[], signal: AbortSignal): Promise<number> {
  const request = parseCheck(args);
  const outcome = await checkAll(request, signal);
  process.stdout.write(print(outcome, request.format));
  const lines = describeUnreadable([...outcome.failures, ...outcome.unreadable]);
  const counts = countText(outcome.findings);
  for (const line of counts === "" ? lines : [...lines, `${counts}.`]) {
    process.stderr.write(`gradlens: ${line}\n`);
  }
  const code = outcome.hasFailed ? FAILED : 0;
  return outcome.failures.length > 0 ? UNREADABLE : code;
}

async function checkAll(request: CheckRequest, signal: AbortSignal): Promise<CheckOutcome> {
  const explicit = request.configPath === undefined ? undefined : await readConfig(request.configPath);
  const line = createProgressLine(process.stderr, () => performance.now());
  const findings: CheckFinding[] = [];
  const unreadable: Unreadable[] = [];
  const failures: Unreadable[] = [];
  let hasFailed = false;
  for (const path of request.paths) {
    try {
      const yardstick = yardstickOf(request, explicit ?? (await findConfig(path)));
      const { threads, checkpoints } = request;
      const options = { yardstick, threads, checkpoints, signal, onProgress: line.show };
      const checked = await checkPath(path, options).finally(line.erase);
      const heard = checked.findings.filter((finding) => !yardstick.isIgnored(finding));
      heard.forEach((finding) => findings.push(finding));
      checked.unreadable.forEach((one) => unreadable.push(one));
      checked.failures.forEach((one) => failures.push(one));
      hasFailed ||= heard.some(({ severity }) => isAtLeast(severity, yardstick.failOn));
    } catch (error) {
      signal.throwIfAborted();
      failures.push({ path, reason: describeError(error) });
    }
  }
  return { findings, unreadable, failures, hasFailed };
}

function print({ findings, failures, unreadable }: CheckOutcome, format: CheckRequest["format"]): string {
  const folder = process.cwd();
  switch (format) {
    case "text":
      return toText(findings, folder);
    case "json":
      return `${toJson({ schema: "gradlens/check@1", findings, unreadable: [...failures, ...unreadable] }, 2)}\n`;
    case "sarif":
      return `${toJson(toSarif({ findings, failures, folder, version: VERSION, homepage: HOMEPAGE }), 2)}\n`;
  }
}

import type { Finding } from "#core/finding.ts";
import { isAtLeast } from "#core/rules.ts";
import type { Severity } from "#core/rules.ts";
import type { Run } from "#store/run.ts";
import { shortPath } from "../check/checkText.ts";
import { printable } from "../text/terminalText.ts";
import { findingText, summaryOf } from "./frame.ts";
import { viewOf } from "./runView.ts";
import type { WatchView } from "./watchView.ts";

/** Where the output is no terminal: a line for each change, and one for each finding as it comes or becomes worse. */
export function createLineView(write: (text: string) => unknown, folder: string): WatchView {
  const said = new Map<string, string>();
  const worst = new Map<string, Severity>();

  function sayFinding(run: Run, finding: Finding): void {
    const { rule, tensor, start, severity, source } = finding;
    const key = JSON.stringify([run.id, rule, tensor, start]);
    const before = worst.get(key);
    if (before === undefined || (severity !== before && isAtLeast(severity, before))) {
      worst.set(key, severity);
      write(`${printable(`${shortPath(source.path, folder)}:${source.line}: ${findingText(finding)}`)}\n`);
    }
  }

  return {
    show(runs, findingsOf) {
      for (const run of runs) {
        const findings = findingsOf(run);
        const line = summaryOf(viewOf(run, { findings, width: 1, idleSeconds: undefined }));
        if (said.get(run.id) !== line) {
          said.set(run.id, line);
          write(`${printable(line)}\n`);
        }
        findings.forEach((finding) => sayFinding(run, finding));
      }
    },
    close: () => undefined,
  };
}

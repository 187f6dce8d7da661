import { WORST_FIRST } from "#core/rules.ts";
import { isAbsolute, relative } from "node:path";
import { printable } from "../text/terminalText.ts";
import type { CheckFinding } from "./checkFinding.ts";

/** One line for each finding, with its place as editors and terminals know it: `path:line: severity rule: message`. */
export function toText(findings: readonly CheckFinding[], folder: string): string {
  return findings.map((finding) => `${lineOf(finding, folder)}\n`).join("");
}

function lineOf({ rule, severity, message, source }: CheckFinding, folder: string): string {
  const line = source.line === null ? "" : `:${source.line}`;
  return printable(`${shortPath(source.path, folder)}${line}: ${severity} ${rule}: ${message}`);
}

/** As seen from a folder, where that is shorter. */
export function shortPath(path: string, folder: string): string {
  const way = relative(folder, path);
  return way === "" || way.startsWith("..") || isAbsolute(way) ? path : way;
}

/** `2 errors, 1 warning`, without what there is none of. */
export function countText(findings: readonly CheckFinding[]): string {
  return WORST_FIRST.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count > 1 && severity !== "info" ? "s" : ""}`)
    .join(", ");
}

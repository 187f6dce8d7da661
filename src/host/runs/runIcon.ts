import type { Finding } from "#core/finding.ts";

/** The product icon that says how a run is: by the worst of its findings. */
export function iconOfRun(findings: readonly Finding[]): "error" | "warning" | "pulse" {
  const severities = new Set(findings.map(({ severity }) => severity));
  return severities.has("error") ? "error" : severities.has("warning") ? "warning" : "pulse";
}

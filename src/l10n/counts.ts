import { t } from "@vscode/l10n";

// One sentence for one and one for many: languages differ in more than a letter at the end.

export function countFindings(count: number): string {
  return count === 1 ? t("1 finding") : t("{0} findings", count);
}

export function countPoints(count: number): string {
  return count === 1 ? t("1 point") : t("{0} points", count);
}

export function countSteps(count: number): string {
  return count === 1 ? t("1 step") : t("{0} steps", count);
}

export function countTensors(count: number): string {
  return count === 1 ? t("1 tensor") : t("{0} tensors", count);
}

export function countThreads(count: number): string {
  return count === 1 ? t("1 thread") : t("{0} threads", count);
}

import { unitOf } from "#core/series.ts";
import { formatCount } from "#core/format.ts";
import type { RunFiles } from "#core/run.ts";
import { describeAge } from "./age.ts";
import { composeAnswer } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import type { FileAccess, FoundRuns } from "./fileAccess.ts";
import { PATH_CHARACTERS } from "./readRun.ts";
import type { ListRunsInput } from "./toolInputs.ts";

/** Which runs there are, the one that changed last first. */
export async function listRuns(input: ListRunsInput, access: FileAccess, mostBytes: number): Promise<string> {
  const { runs, truncated } = await runsIn(access);
  const cut = truncated === false ? "" : ` The search stopped at its limit on ${truncated}, so there may be more.`;
  return composeAnswer(
    {
      head: [
        `${formatCount(runs.length, "run")} in ${formatCount(access.roots.length, "folder")}, newest first.${cut}`,
      ],
      items: runs,
      rowOf: (run) => rowOf(run, access),
      what: "runs",
      page: input,
      tail: runs.length === 0 ? [NOTHING_FOUND] : [],
    },
    mostBytes,
  );
}

const NOTHING_FOUND =
  "No training log or checkpoint was found. Logs are read as JSON Lines, CSV, TensorBoard, Weights & Biases, MLflow and as common trainers print them.";

async function runsIn({ roots, locate, choicesFor, discoverRuns }: FileAccess): Promise<{
  readonly runs: readonly RunFiles[];
  readonly truncated: FoundRuns["truncated"];
}> {
  const places = await locate(roots);
  const runs = new Map<string, RunFiles>();
  let truncated: FoundRuns["truncated"] = false;
  for (const place of places) {
    if (place?.isFolder === true) {
      const { logPatterns } = await choicesFor(place.path);
      const found = await discoverRuns(place.path, logPatterns);
      found.runs.forEach((run) => runs.set(run.folder, run));
      truncated ||= found.truncated;
    }
  }
  return { runs: [...runs.values()].toSorted((a, b) => b.modifiedMs - a.modifiedMs), truncated };
}

function rowOf({ folder, logs, checkpoints, modifiedMs }: RunFiles, { nowMs, followed }: FileAccess): string {
  const formats = [...new Set(logs.map(({ format }) => format))];
  const steps = checkpoints.flatMap(({ step }) => step ?? []);
  const last = steps.length === 0 ? "" : ` up to step ${Math.max(...steps)}`;
  const facts = [
    formats.length === 0 ? "no log" : `log: ${formats.join(", ")}`,
    ...(checkpoints.length === 0 ? [] : [`${formatCount(checkpoints.length, "checkpoint")}${last}`]),
    ...describeFollowed(followed?.(folder)),
    describeAge(modifiedMs, nowMs),
  ];
  return `- ${quoteData(folder, PATH_CHARACTERS)}: ${facts.join("; ")}`;
}

function describeFollowed(followed: ReturnType<NonNullable<FileAccess["followed"]>>): string[] {
  const norms = followed?.run.first("globalNorm");
  const step = norms?.last()?.step;
  return followed === undefined || step === undefined
    ? []
    : [`at ${unitOf(norms?.key.axis)} ${step}, ${formatCount(followed.findings.length, "finding")}`];
}

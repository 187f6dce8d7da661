import { findingsInEnglish } from "./findingsInEnglish.ts";
import type { Finding } from "#core/finding.ts";
import type { Place } from "#core/place.ts";
import type { RunFiles } from "#core/run.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { quoteData } from "./dataText.ts";
import type { FileAccess, RunChoices } from "./fileAccess.ts";
import { judgeInPieces } from "./judgeInPieces.ts";
import { AnswerRefusal } from "./refusal.ts";

/** A run whose logs are read. */
export interface ReadRun {
  readonly run: Run;
  /**
   * By the rules that are on, less what people ignore. Judging a long run takes longer than reading it, so it is done when
   * somebody asks.
   */
  readonly findings: () => Promise<readonly Finding[]>;
  /** What is to be known of its logs, in English sentences. */
  readonly notes: () => readonly string[];
  /** Milliseconds since the epoch of its newest file. */
  readonly modifiedMs: number;
}

/** The run at a path, a folder or a single log: its logs read to their ends. */
export async function readRun(path: string, access: FileAccess): Promise<ReadRun> {
  const place = await placeOf(path, access);
  const choices = await access.choicesFor(place.path);
  const { folder, logPaths, modifiedMs } = place.isFolder ? await runIn(place.path, access, choices) : asRun(place);
  const followed = place.isFolder ? access.followed?.(folder) : undefined;
  if (followed !== undefined) {
    const { run, notes } = followed;
    return { run, findings: async () => findingsInEnglish(followed, access.pause), notes: () => notes, modifiedMs };
  }
  const run = createRun(folder, () => access.maxSamples);
  for (const log of logPaths) {
    await readToEnd(run, log, access, choices);
  }
  return { run, findings: async () => judge(run, access, choices), notes: run.notes, modifiedMs };
}

/** Where a path leads that an agent gave. Paths outside and paths to nowhere are refused alike, so that none can be probed. */
export async function placeOf(path: string, { locate, roots }: FileAccess): Promise<Place> {
  const [place] = await locate([path]);
  if (place === undefined || place === null) {
    const named = roots.slice(0, MOST_NAMED).map((root) => quoteData(root, PATH_CHARACTERS));
    const known = named.length === 0 ? "none" : named.join(", ");
    throw new AnswerRefusal(
      `Nothing that may be read is at ${quoteData(path, PATH_CHARACTERS)}. Only what lies in these folders may be read: ${known}. Use a path that gradlens_list_runs gives.`,
    );
  }
  return place;
}

export const PATH_CHARACTERS = 200;
const MOST_NAMED = 4;

interface RunPlace {
  readonly folder: string;
  readonly logPaths: readonly string[];
  readonly modifiedMs: number;
}

async function runIn(folder: string, access: FileAccess, { logPatterns }: RunChoices): Promise<RunPlace> {
  const { runs } = await access.discoverRuns(folder, logPatterns);
  const logged = runs.filter(({ logs }) => logs.length > 0);
  const run = logged.find((one) => one.folder === folder) ?? (logged.length === 1 ? logged[0] : undefined);
  if (run === undefined) {
    throw new AnswerRefusal(describeNoRun(folder, logged));
  }
  // A log may be a link, and lead out.
  const places = await access.locate(run.logs.map(({ path }) => path));
  return { ...run, logPaths: places.flatMap((place) => place?.path ?? []) };
}

function asRun({ path, modifiedMs }: Place): RunPlace {
  return { folder: path.replace(/[\\/][^\\/]*$/, ""), logPaths: [path], modifiedMs };
}

function describeNoRun(folder: string, runs: readonly RunFiles[]): string {
  const where = quoteData(folder, PATH_CHARACTERS);
  if (runs.length === 0) {
    return `No training log is in ${where}. gradlens_list_runs says where logs are.`;
  }
  const named = runs.slice(0, MOST_NAMED).map((run) => quoteData(run.folder, PATH_CHARACTERS));
  const more = runs.length > MOST_NAMED ? ` and ${runs.length - MOST_NAMED} more` : "";
  return `${where} holds several runs; ask about one of them: ${named.join(", ")}${more}.`;
}

async function readToEnd(
  run: Run,
  path: string,
  { readLog, readLastLine }: FileAccess,
  { logPatterns }: RunChoices,
): Promise<void> {
  let batch = await readLog(path, null, logPatterns);
  run.append({ path, format: batch.position.format }, batch);
  while (batch.more) {
    batch = await readLog(path, batch.position, logPatterns);
    run.append({ path, format: batch.position.format }, batch);
  }
  if (readLastLine !== undefined) {
    run.append({ path, format: batch.position.format }, await readLastLine(path, batch.position, logPatterns));
  }
}

async function judge(run: Run, { pause }: FileAccess, { rules, isIgnored }: RunChoices): Promise<readonly Finding[]> {
  const findings = await judgeInPieces(run, rules, pause);
  return findings.filter((finding) => !isIgnored(finding));
}

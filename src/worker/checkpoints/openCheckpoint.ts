import { basename, dirname, relative } from "node:path";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { createCheckpointFolder } from "#files/checkpoints/checkpointFolder.ts";
import type { CheckpointFolder } from "#files/checkpoints/checkpointFolder.ts";
import type { FileByteSource } from "#files/checkpoints/byteSource.ts";
import { isFolder } from "#files/isFolder.ts";
import { nameOptimizerStates } from "#readers/checkpoints/parameterNames/parameterNames.ts";
import { fileReaderFor, folderReaderFor } from "#readers/checkpoints/readers.ts";
import { tensorLabel } from "#readers/checkpoints/shared/tensorLabel.ts";
import { listNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";
import { announceTensors } from "../busy.ts";
import { describeError, valueOf } from "../errors.ts";
import { findRuns } from "../runs/findRuns.ts";
import { type IndexedFile, leaveOutCopies } from "./leaveOutCopies.ts";
import { describeSharing } from "./sharedBytes.ts";
import { withSmallHeap } from "../smallHeap.ts";
import { createSummedReads } from "./summedReads.ts";

/** An indexed checkpoint whose files are open; closing it closes them all. */
export interface OpenCheckpoint extends CheckpointIndex {
  /** All its files together. */
  readonly bytes: number;
  /** Its files with their paths in its folder. */
  readonly sources: readonly (readonly [path: string, file: FileByteSource])[];
  /** The file that a part of a tensor is in. */
  readonly fileOf: (part: TensorPart) => FileByteSource;
  readonly close: () => Promise<void>;
}

/** Opens one file, an index and the shards it names, or a folder. Rejects with a sentence for people. */
export async function openCheckpoint(path: string): Promise<OpenCheckpoint> {
  return withSmallHeap(async () => open(path));
}

async function open(path: string): Promise<OpenCheckpoint> {
  const isWhole = await isFolder(path);
  const folder = createCheckpointFolder(isWhole ? path : dirname(path));
  try {
    const indexes = isWhole ? await indexFolder(path, folder) : [await indexFile(basename(path), folder, path)];
    announceTensors(indexes.reduce((count, { tensors }) => count + tensors.length, 0));
    const index = joinIndexes(indexes);
    const { close, opened, allOpened } = folder;
    for (const file of filesOf(index)) {
      await folder.open(file);
    }
    const sources = allOpened();
    const bytes = sources.reduce((total, [, { size }]) => total + size, 0);
    const sharing = describeSharing(index, bytes);
    if (sharing !== undefined) {
      throw new Error(`${path}: ${sharing}`);
    }
    return { ...index, bytes, sources, fileOf: ({ file }) => opened(file), close };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

function filesOf({ tensors }: CheckpointIndex): ReadonlySet<string> {
  const files = new Set<string>();
  for (const { parts } of tensors) {
    parts.forEach(({ file }) => files.add(file));
  }
  return files;
}

async function indexFile(name: string, folder: CheckpointFolder, path: string): Promise<CheckpointIndex> {
  const source = await folder.openNamed(name);
  const reader = valueOf(await fileReaderFor(source), path);
  const reads = createSummedReads(folder);
  return valueOf(await reader.readIndex(reads.of(source), reads), path);
}

async function indexFolder(path: string, folder: CheckpointFolder): Promise<readonly CheckpointIndex[]> {
  const reader = folderReaderFor(await folder.list());
  return reader === undefined
    ? indexFiles(path, folder)
    : [valueOf(await reader.readIndex(createSummedReads(folder)), path)];
}

/** The checkpoint files of a folder; one that cannot be read is a note, unless none can. */
async function indexFiles(path: string, folder: CheckpointFolder): Promise<readonly CheckpointIndex[]> {
  const files: IndexedFile[] = [];
  const failures: unknown[] = [];
  for (const file of await checkpointsIn(path)) {
    try {
      const name = basename(file);
      files.push({ name, index: await indexFile(name, folder, name) });
    } catch (error) {
      failures.push(error);
    }
  }
  const [first, ...others] = files;
  if (first === undefined) {
    throw new Error(`${path}: ${describeError(failures[0])}`);
  }
  const { kept, notes } = leaveOutCopies([first, ...others]);
  const indexes = kept.map(({ index }) => index);
  const { format } = first.index;
  return [...indexes, { format, tensors: [], metadata: {}, notes: [...notes, ...failures.map(describeError)] }];
}

// The files of one save lie in one folder; deeper ones are other saves.
const MAX_ENTRIES = 20_000;

async function checkpointsIn(folder: string): Promise<readonly string[]> {
  const { runs } = await findRuns(folder, { maxEntries: MAX_ENTRIES });
  const found = runs.flatMap(({ checkpoints }) => checkpoints.map(({ path }) => path));
  const beside = found.filter((path) => relative(folder, dirname(path)) === "");
  const areFolders = await Promise.all(beside.map(async (path) => isFolder(path)));
  const own = beside.filter((_, at) => areFolders[at] === false);
  if (own.length === 0) {
    throw new Error(describeEmpty(folder, found));
  }
  return own;
}

function describeEmpty(folder: string, [first, ...others]: readonly string[]): string {
  return first === undefined
    ? t("{0}: no checkpoint lies in this folder.", folder)
    : t(
        "{0}: no checkpoint lies in this folder. There are {1} in its folders, such as {2}; name one.",
        folder,
        1 + others.length,
        first,
      );
}

function joinIndexes(indexes: readonly CheckpointIndex[]): CheckpointIndex {
  const all = nameOptimizerStates(indexes.map(withDeclared));
  const optimizers = all.flatMap(({ optimizer }) => optimizer ?? []);
  const notRead = all.flatMap((index) => index.notRead ?? []);
  return {
    format: all[0]?.format ?? "safetensors",
    tensors: all.flatMap(({ tensors }) => tensors),
    metadata: Object.fromEntries(all.flatMap(({ metadata }) => Object.entries(metadata))),
    notRead,
    ...(optimizers[0] === undefined ? {} : { optimizer: optimizers[0] }),
    notes: [
      ...all.flatMap(({ notes }) => notes),
      ...optimizers.flatMap(({ namedBy }) => namedBy ?? []),
      ...describeNotRead(notRead),
    ],
  };
}

/** safetensors lets a file say what its tensors are; every other weight is one for lack of a sign. */
function withDeclared(index: CheckpointIndex): CheckpointIndex {
  const isDeclared = index.format === "safetensors" && index.metadata["kind"] === "weight";
  return isDeclared ? { ...index, tensors: index.tensors.map((entry) => ({ ...entry, isDeclared })) } : index;
}

/** A note is a sentence, not a listing. */
const NAMES_IN_NOTE = 5;

function describeNotRead(notRead: readonly NotRead[]): string[] {
  const named = notRead.map(
    ({ name, what }) => `${name === "" ? t("the whole") : tensorLabel(name)} (${tensorLabel(what)})`,
  );
  return notRead.length === 0 ? [] : [t("Not read: {0}.", listNames(named, NAMES_IN_NOTE))];
}

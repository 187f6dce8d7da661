import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointFormat, CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome, type ReadFailure } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

import { describeValues } from "./groups.ts";
import { inFile, joinMetadata, withoutSlice } from "./joinMetadata.ts";
import { type DcpMetadata, readDcpMetadata } from "./metadata.ts";
import { roleOf } from "./names.ts";
import { type DcpSave, readDcpSave } from "./save.ts";
import { plainValuesIn } from "./companion.ts";
import type { FileReader, FolderReader } from "../reader.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/**
 * What torch.distributed.checkpoint writes: one save of all ranks, which Accelerate and Lightning lay into folders of their
 * own.
 */
export const dcp: FolderReader = {
  format: "dcp",
  recognises: (paths) => savesIn(paths).length > 0,
  readIndex: async (folder) => readDcp(folder, savesIn(await folder.list()), "dcp"),
};

const DATA_FILE = /^((?:[^/]+\/)?)__\d+_\d+\.distcp$/;
const METADATA_FILE = /^((?:[^/]+\/)?)(?:__\d+)?\.metadata$/;
/** Folders that a trainer makes in that of a checkpoint. Others are checkpoints of their own. */
const PART_FOLDER = /^(?:pytorch_model_fsdp|fsdp_model|model|optimizer|optim|weights)(?:_\d+)?\/$/;

/** Folders of the saves that one checkpoint consists of, with a `/` at the end; of a single one the folder itself. */
function savesIn(paths: readonly string[]): readonly string[] {
  const withData = new Set(paths.map((path) => DATA_FILE.exec(path)?.[1]));
  return Array.from(withData)
    .filter((prefix) => prefix !== undefined)
    .filter((prefix) => prefix === "" || PART_FOLDER.test(prefix));
}

/** One rank's file by itself: the chunks that lie in it. */
export const distcp: FileReader = {
  format: "dcp",
  recognises: ({ source }) => /^__\d+_\d+\.distcp$/.test(source.name),
  async readIndex(source, companions) {
    const metadata = await readMetadata(companions, "", await companions.list());
    const save =
      metadata.kind === "ok" ? await readDcpSave(companions, "", inFile(metadata.value, source.name)) : metadata;
    return save.kind === "ok" ? ok(indexOf([save.value], [""], "dcp")) : save;
  },
};

/** All saves as one checkpoint. */
export async function readDcp(
  folder: FolderSource,
  prefixes: readonly string[],
  format: CheckpointFormat,
): Promise<Outcome<CheckpointIndex>> {
  const paths = await folder.list();
  const saves: DcpSave[] = [];
  for (const prefix of prefixes) {
    const metadata = await readMetadata(folder, prefix, paths);
    const save = metadata.kind === "ok" ? await readDcpSave(folder, prefix, metadata.value) : metadata;
    if (save.kind !== "ok") {
      return save;
    }
    saves.push(save.value);
  }
  const index = indexOf(saves, prefixes, format);
  return ok({
    ...index,
    metadata: {
      ...(await plainValuesIn(folder, format === "megatron" ? (prefixes[0] ?? "") : "", paths)),
      ...index.metadata,
    },
  });
}

function indexOf(saves: readonly DcpSave[], prefixes: readonly string[], format: CheckpointFormat): CheckpointIndex {
  const { metadata, optimizer, notRead } = describeValues(saves.flatMap(({ values }) => values));
  return {
    format,
    tensors: entriesOf(saves, prefixes),
    metadata,
    ...(optimizer === undefined ? {} : { optimizer }),
    notRead: [...saves.flatMap((save) => save.notRead), ...notRead].slice(0, MAX_NOT_READ),
    notes: saves.flatMap(({ notes }) => notes),
  };
}

// More of them are a list that nobody reads.
const MAX_NOT_READ = 1000;

/** Names are whole ones, so the second of two folders that hold the same names says which it is. */
function entriesOf(saves: readonly DcpSave[], prefixes: readonly string[]): readonly TensorEntry[] {
  const seen = new Set<string>();
  return saves.flatMap(({ tensors }, at) =>
    tensors.map((tensor) => {
      const name = seen.has(tensor.name) ? `${prefixes[at] ?? ""}${tensor.name}` : tensor.name;
      seen.add(name);
      return { ...tensor, name, ...roleOf(withoutSlice(tensor.name), tensor.dtype) };
    }),
  );
}

async function readMetadata(
  folder: FolderSource,
  prefix: string,
  paths: readonly string[],
): Promise<Outcome<DcpMetadata>> {
  const files = paths.filter((path) => METADATA_FILE.exec(path)?.[1] === prefix);
  const all: DcpMetadata[] = [];
  // Ranks that saved without talking to each other left one each.
  for (const file of files.includes(`${prefix}.metadata`) ? [`${prefix}.metadata`] : files) {
    const source = await folder.open(file);
    const read = source === undefined ? unfinished(prefix) : await readNamed(source, file);
    if (read.kind !== "ok") {
      return read;
    }
    all.push(read.value);
  }
  return all.length === 0 ? unfinished(prefix) : ok(joinMetadata(all));
}

async function readNamed(source: ByteSource, file: string): Promise<Outcome<DcpMetadata>> {
  const read = await readDcpMetadata({ ...source, name: file });
  return read.kind === "malformed" ? { ...read, what: `${tensorLabel(file)}: ${read.what}` } : read;
}

function unfinished(prefix: string): ReadFailure {
  const what = t(
    "{0}.metadata is missing. torch writes it last, so this save is not finished or was broken off; try again when it is complete.",
    prefix,
  );
  return { kind: "incomplete", have: 0, need: 1, what };
}

import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import type { FileReader, FolderReader, Probe } from "../reader.ts";
import { readBundle } from "./bundle.ts";
import { describeVersion1, hasTableFooter } from "./table.ts";

const INDEX = ".index";
const DATA = /\.data-\d{5}-of-\d{5}$/;
/** The text that names the latest checkpoint. */
const LATEST = "checkpoint";
const SAVED_MODEL = "variables/variables";

/** The index of a checkpoint, one of its data files, or the text beside checkpoints that names the latest. */
export const tensorflow: FileReader = {
  format: "tensorflow",
  recognises: async ({ source, head }) =>
    DATA.test(source.name) || isLatestText(source.name, head) || isIndex({ source, head }) || hasTableFooter(source),
  async readIndex(source, companions) {
    const head = await source.read(0, Math.min(source.size, MAX_TEXT_BYTES));
    if (isLatestText(source.name, head)) {
      return readLatest(head, companions, "");
    }
    if (DATA.test(source.name)) {
      return readAt(source.name.replace(DATA, ""), companions);
    }
    const prefix = source.name.endsWith(INDEX) ? source.name.slice(0, -INDEX.length) : source.name;
    return readBundle({ prefix, index: source, folder: companions });
  },
};

/** One checkpoint, the latest of several that `checkpoint` names, or the variables of a SavedModel. */
export const tensorflowFolder: FolderReader = {
  format: "tensorflow",
  recognises: (paths) => prefixesOf(paths).length === 1 || (prefixesOf(paths).length > 1 && paths.includes(LATEST)),
  async readIndex(folder) {
    const prefixes = prefixesOf(await folder.list());
    const [first = SAVED_MODEL, ...others] = prefixes;
    const latest = others.length === 0 ? undefined : await folder.open(LATEST);
    return latest === undefined
      ? readAt(first, folder)
      : readLatest(await latest.read(0, Math.min(latest.size, MAX_TEXT_BYTES)), folder, noteOf(prefixes));
  },
};

/** An index that begins with the entry of the empty key, also when it is not all there. */
function isIndex({ source, head }: Probe): boolean {
  const [shared, unshared, , tag] = head;
  return source.name.endsWith(INDEX) && shared === 0 && unshared === 0 && (tag === 0x08 || head.length < 4);
}

const MAX_TEXT_BYTES = 4096;

function isLatestText(name: string, head: Uint8Array): boolean {
  return name === LATEST && latestIn(head) !== undefined;
}

/** Absolute where the writer wanted that; the checkpoint has since moved with its folder. */
function latestIn(text: Uint8Array): string | undefined {
  const path = /^\s*model_checkpoint_path:\s*"((?:[^"\\]|\\.)+)"/.exec(new TextDecoder().decode(text))?.[1];
  return path?.split(/[/\\]/).at(-1);
}

async function readLatest(text: Uint8Array, folder: FolderSource, note: string): Promise<Outcome<CheckpointIndex>> {
  const index = await readAt(latestIn(text) ?? "", folder);
  return index.kind === "ok" && note !== ""
    ? { ...index, value: { ...index.value, notes: [...index.value.notes, note] } }
    : index;
}

async function readAt(prefix: string, folder: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const index = await openInside(folder, prefix + INDEX);
  if (index !== undefined) {
    return readBundle({ prefix, index, folder });
  }
  const single = await openInside(folder, prefix);
  return single !== undefined && (await hasTableFooter(single))
    ? unsupported(describeVersion1())
    : unsupported(
        t("{0}{1} is missing, without which the data files of this checkpoint cannot be read.", prefix, INDEX),
      );
}

/** A name that the folder refuses is one that it does not have. */
async function openInside(folder: FolderSource, path: string): Promise<ByteSource | undefined> {
  try {
    return await folder.open(path);
  } catch {
    return undefined;
  }
}

/** Of the checkpoints that lie in a folder itself, or in a SavedModel: those with data beside their index. */
function prefixesOf(paths: readonly string[]): string[] {
  const withData = new Set(paths.filter((path) => DATA.test(path)).map((path) => path.replace(DATA, "")));
  return paths
    .filter((path) => path.endsWith(INDEX))
    .map((path) => path.slice(0, -INDEX.length))
    .filter((prefix) => withData.has(prefix) && (!prefix.includes("/") || prefix === SAVED_MODEL));
}

/** One sentence. */
function noteOf(prefixes: readonly string[]): string {
  return t(
    "There are {0} checkpoints in this folder; the one that `{1}` names as the latest was read.",
    prefixes.length,
    LATEST,
  );
}

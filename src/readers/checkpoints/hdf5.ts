import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import { readTexts } from "#readers/hdf5/attributes.ts";
import type { Hdf5File } from "#readers/hdf5/records.ts";
import { damaged, outcomeOf } from "#readers/hdf5/refusal.ts";
import { findHdf5, readSuperblock, startsHdf5 } from "#readers/hdf5/superblock.ts";
import { walk } from "#readers/hdf5/walk.ts";

import { type FoundTensor, readDataset } from "./hdf5Dataset.ts";
import type { Hdf5Place } from "./hdf5Parts.ts";
import { isKeras, type KerasRole, kerasRoles } from "./keras.ts";
import { pagedSource } from "./pagedSource.ts";
import type { FileReader, Probe } from "./reader.ts";
import { tensorKind } from "./tensorKind.ts";

export const hdf5: FileReader = {
  format: "hdf5",
  recognises: isHdf5,
  readIndex: async (source) => readHdf5(source, { file: source.name, offset: 0 }),
};

function isHdf5({ source, head }: Probe): boolean {
  return findHdf5(head) !== undefined || (/\.(h5|hdf5)$/i.test(source.name) && head.length > 0 && startsHdf5(head));
}

const HEAD_BYTES = 4096;

/** The datasets of numbers in an HDF5 file; one of Keras has the kinds of its optimizer's tensors told. */
export async function readHdf5(source: ByteSource, place: Hdf5Place): Promise<Outcome<CheckpointIndex>> {
  const start = findHdf5(await source.read(0, Math.min(source.size, HEAD_BYTES)));
  if (start === undefined) {
    return { kind: "incomplete", have: 0, need: Math.max(source.size, 1) }; // By its name it is one, and nothing is in it yet.
  }
  return outcomeOf(async () => {
    const superblock = await readSuperblock(pagedSource(source), start);
    if (superblock.kind !== "ok") {
      return superblock;
    }
    const { file, root, isBeingWritten } = superblock.value;
    const contents = await readContents(file, root, place);
    const { metadata, notRead, groupNames } = contents;
    const format = isKeras(contents) ? "keras" : "hdf5";
    const roles = kerasRoles(contents.tensors, groupNames);
    const tensors = contents.tensors.map((tensor) => toEntry(tensor, place.file, roles.get(tensor.path)));
    const notes = isBeingWritten
      ? [
          `${place.file}: a program has this file open for writing, or ended without closing it. Norms may be of old data.`,
        ]
      : [];
    return ok({ format, tensors, metadata, notRead, notes });
  });
}

function toEntry({ path, dtype, ...described }: FoundTensor, file: string, role: KerasRole | undefined): TensorEntry {
  const { kind: declared, ...parameter } = role ?? { kind: undefined };
  const kind = tensorKind({ name: path, dtype, file, declared });
  return { name: path, kind, dtype, ...described, file, ...parameter };
}

/** What the groups and datasets of a file say. */
export interface Hdf5Contents {
  readonly tensors: readonly FoundTensor[];
  readonly notRead: readonly NotRead[];
  /** Short texts among the root's attributes. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The attribute `name` of groups called `vars`, which hold the variables of one of Keras's objects. */
  readonly groupNames: ReadonlyMap<string, string>;
}

async function readContents(file: Hdf5File, root: number, place: Hdf5Place): Promise<Hdf5Contents> {
  const tensors: FoundTensor[] = [];
  const notRead: NotRead[] = [];
  const groupNames = new Map<string, string>();
  let metadata: Readonly<Record<string, string>> = {};
  let bytes = 0;
  for await (const found of walk(file, root)) {
    const { path, header } = found;
    if (found.isGroup && header !== undefined && NAMED_GROUP.test(path)) {
      const texts = await readTexts(file, header);
      metadata = path === "" ? shortTexts(texts) : metadata;
      groupNames.set(path, texts.get("name") ?? "");
    }
    const tensor = found.isGroup ? undefined : await readDataset(file, found, place);
    if (tensor !== undefined && "what" in tensor) {
      notRead.push({ name: path, what: tensor.what });
    } else if (tensor !== undefined) {
      tensors.push(tensor);
      bytes += storedBytes(tensor);
    }
    // Each byte belongs to one dataset: many that share some would take a day to reduce.
    if (bytes > file.source.size) {
      throw damaged(file.base, `The datasets take ${bytes} bytes together, more than the file has.`);
    }
  }
  return { tensors, notRead, metadata, groupNames };
}

/** The root, and where Keras keeps variables. */
const NAMED_GROUP = /^$|(^|\/)vars$/;

// Keras describes a whole model in one attribute, which is no line for a list.
const MAX_METADATA_LENGTH = 200;

function shortTexts(texts: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...texts].filter(([, text]) => text.length <= MAX_METADATA_LENGTH));
}

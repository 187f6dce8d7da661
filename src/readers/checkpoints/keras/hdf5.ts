import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import { outcomeOf } from "#readers/hdf5/refusal.ts";
import { findHdf5, readSuperblock, startsHdf5 } from "#readers/hdf5/superblock.ts";
import { listNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";

import { readContents } from "./contents.ts";
import type { FoundTensor } from "./dataset.ts";
import type { Hdf5Place } from "./parts.ts";
import { isKeras, kerasRoles } from "./keras.ts";
import type { KerasRole } from "./role.ts";
import { pagedSource } from "../shared/pagedSource.ts";
import type { FileReader, Probe } from "../reader.ts";
import { tensorKind } from "../shared/tensorKind.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

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
    const { roles, notes: rules } = kerasRoles(contents.tensors, groupNames);
    const tensors = contents.tensors.map((tensor) => toEntry(tensor, place.file, roles.get(tensor.path)));
    const open = isBeingWritten ? [describeBeingWritten(place.file)] : [];
    const notes = [...open, ...describeUnwritten(tensors), ...rules];
    return ok({ format, tensors, metadata, notRead, notes });
  });
}

function describeBeingWritten(file: string): string {
  return t(
    "{0}: a program has this file open for writing, or ended without closing it. Norms may be of old data.",
    file,
  );
}

/** HDF5 makes room for elements without writing them; they have a value all the same. */
function describeUnwritten(tensors: readonly TensorEntry[]): readonly string[] {
  const names = tensors.filter((entry) => entry.elements > 0 && storedBytes(entry) === 0).map(({ name }) => name);
  return names.length === 0
    ? []
    : [
        t(
          "{0}: no elements were written; all of them have the file's default value.",
          listNames(names.map(tensorLabel), 1),
        ),
      ];
}

function toEntry({ path, dtype, ...described }: FoundTensor, file: string, role: KerasRole | undefined): TensorEntry {
  const { kind: declared, ...parameter } = role ?? { kind: undefined };
  const kind = tensorKind({ name: path, dtype, file, declared });
  return { name: path, kind, dtype, ...described, file, ...parameter };
}

import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { readPickle } from "../pickle/readPickle.ts";
import type { PickleValue } from "../pickle/values.ts";
import { indexPickled } from "../pickle/pickledIndex.ts";
import type { FileReader } from "../reader.ts";
import type { Region } from "../shared/region.ts";
import { readTar, type TarMember, tarNameOf } from "./tar.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import type { StorageReference, StridedRecord } from "./strided.ts";
import { keyText, readTarStorages, type TarStorage } from "./tarStorages.ts";
import { readTarTensors } from "./tarTensors.ts";
import { windowOf } from "../shared/window.ts";

/** What torch.save wrote up to 0.1.9: a tar archive of a pickle, the storages and the tensors. */
export const pytorchTar: FileReader = {
  format: "pytorch-tar",
  recognises: ({ head }) => MEMBER.test(tarNameOf(head)),
  readIndex: async (source) => readTorchTar(source),
};

const MEMBER = /^(\.\/)?(sys_info|pickle|storages|tensors)$/;

async function readTorchTar(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const members = await readTar(source);
  if (members.kind !== "ok") {
    return members;
  }
  const read = await readMembers(source, members.value);
  // The members are complete, so one that ends early will not grow.
  return read.kind === "incomplete" ? malformed(0, t("A file in the tar archive is cut off.")) : read;
}

async function readMembers(source: ByteSource, members: readonly TarMember[]): Promise<Outcome<CheckpointIndex>> {
  const member = (name: string): TarMember | undefined =>
    members.find((each) => each.name.replace(/^\.\//, "") === name);
  const inside = ({ offset, size }: TarMember): ByteSource => windowOf(source, offset, size);
  const [pickle, storages, tensors] = [member("pickle"), member("storages"), member("tensors")];
  if (pickle === undefined || storages === undefined) {
    return { kind: "incomplete", have: source.size, need: source.size + 1 };
  }
  const read = await readPickle(inside(pickle));
  const foundStorages = await readTarStorages(inside(storages));
  if (read.kind !== "ok" || foundStorages.kind !== "ok") {
    return read.kind === "ok" ? failureOf(foundStorages) : read;
  }
  const none: Outcome<ReadonlyMap<string, StridedRecord>> = ok(new Map());
  const foundTensors = tensors === undefined ? none : await readTarTensors(inside(tensors), foundStorages.value);
  return foundTensors.kind === "ok"
    ? indexMembers(source, {
        pickle,
        storages,
        root: read.value.value,
        found: foundStorages.value,
        tensors: foundTensors.value,
      })
    : foundTensors;
}

function failureOf(outcome: Outcome<unknown>): Outcome<never> {
  return outcome.kind === "ok" ? malformed(0, t("The tar archive cannot be read.")) : outcome;
}

interface TarContent {
  readonly pickle: TarMember;
  readonly storages: TarMember;
  readonly root: PickleValue;
  readonly found: ReadonlyMap<string, TarStorage>;
  readonly tensors: ReadonlyMap<string, StridedRecord>;
}

function indexMembers(
  source: ByteSource,
  { pickle, storages, root, found, tensors }: TarContent,
): Outcome<CheckpointIndex> {
  const { name: file, size } = source;
  const region = ({ reference, offset }: TarStorage): Region => {
    const bytes = reference.elements * reference.width;
    return { file, offset: storages.offset + offset, byteLength: bytes, size: bytes, codings: [] };
  };
  return indexPickled({
    format: "pytorch-tar",
    root,
    file,
    size,
    storage: ({ key, elements, width }: StorageReference) => {
      const storage = found.get(key);
      return storage === undefined || elements * width > region(storage).size
        ? malformed(
            storages.offset,
            t('its storage "{0}" is not in the archive, or is smaller than it says.', tensorLabel(key)),
          )
        : ok(region(storage));
    },
    persistent: ({ id }) => tensors.get(keyText(id)),
    inline: { file, offset: pickle.offset, byteLength: pickle.size, size: pickle.size, codings: [] },
    isBigEndian: false,
    notes: [],
  });
}

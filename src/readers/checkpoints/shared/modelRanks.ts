import type { FolderSource } from "#core/byteSource.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

/** What one rank of a model that is cut among several holds. */
export interface ModelRank {
  /** `mp_rank_01`: what stands before the names of tensors that are its own. */
  readonly name: string;
  /** Ranks of one stage hold the same layers, cut; those of others hold other layers. */
  readonly stage: string;
  readonly tensors: readonly TensorEntry[];
}

export interface JoinedRanks {
  readonly tensors: readonly TensorEntry[];
  readonly notes: readonly string[];
}

/**
 * The tensors of all ranks. One that all ranks of a stage hold alike, byte for byte, as they do norms and some biases, is
 * listed once; others are cut among the ranks in ways that the files do not tell, and are named by their rank.
 */
export async function joinRanks(folder: FolderSource, ranks: readonly ModelRank[]): Promise<JoinedRanks> {
  const [first, ...others] = ranks;
  if (first === undefined || others.length === 0) {
    return { tensors: first?.tensors ?? [], notes: [] };
  }
  const stages = Array.from(Map.groupBy(ranks, ({ stage }) => stage).values());
  const comparison: Comparison = { folder, budget: { bytes: MAX_COMPARED_BYTES } };
  const tensors: TensorEntry[] = [];
  let alike = 0;
  for (const members of stages) {
    const same = await sameInAll(members, comparison);
    alike += same.size;
    const plain = stages.length === 1 ? "" : `${commonName(members)}/`;
    members.forEach((rank, at) => {
      const nameOf = (name: string): string => (same.has(name) ? plain : `${rank.name}/`) + name;
      const own = rank.tensors.filter(({ name }) => at === 0 || !same.has(name));
      own.forEach((tensor) => tensors.push(renamed(tensor, nameOf)));
    });
  }
  const note = t(
    "The model is cut among {0} ranks. {1} tensors that ranks hold alike are listed once; the others are the ranks' parts, named by their rank.",
    ranks.length,
    alike,
  );
  return { tensors, notes: [note] };
}

function commonName(members: readonly ModelRank[]): string {
  return members[0]?.name ?? "";
}

function renamed(tensor: TensorEntry, nameOf: (name: string) => string): TensorEntry {
  const { name, parameter } = tensor;
  return { ...tensor, name: nameOf(name), ...(parameter === undefined ? {} : { parameter: nameOf(parameter) }) };
}

// Norms and biases are far smaller; what is cut among ranks is mostly larger.
const MAX_SAME_BYTES = 1024 * 1024;
const MAX_COMPARED_BYTES = 256 * 1024 * 1024;

interface Comparison {
  readonly folder: FolderSource;
  /** Bytes that may still be read. */
  readonly budget: { bytes: number };
}

async function sameInAll(members: readonly ModelRank[], comparison: Comparison): Promise<ReadonlySet<string>> {
  const byName = members.map(({ tensors }) => new Map(tensors.map((tensor) => [tensor.name, tensor])));
  const same = new Set<string>();
  for (const tensor of members.length > 1 ? (members[0]?.tensors ?? []) : []) {
    const twins = byName.slice(1).map((tensors) => tensors.get(tensor.name));
    if (await areSame(tensor, twins, comparison)) {
      same.add(tensor.name);
    }
  }
  return same;
}

async function areSame(
  tensor: TensorEntry,
  twins: readonly (TensorEntry | undefined)[],
  comparison: Comparison,
): Promise<boolean> {
  const layout = layoutOf(tensor);
  const { budget } = comparison;
  if (storedBytes(tensor) > MAX_SAME_BYTES || !twins.every((twin) => twin !== undefined && layoutOf(twin) === layout)) {
    return false;
  }
  budget.bytes -= storedBytes(tensor) * (1 + twins.length);
  const bytes = budget.bytes < 0 ? undefined : await bytesOf(tensor, comparison);
  for (const twin of twins) {
    const others = bytes === undefined || twin === undefined ? undefined : await bytesOf(twin, comparison);
    if (bytes === undefined || others === undefined || Buffer.compare(bytes, others) !== 0) {
      return false;
    }
  }
  return true;
}

/** All that must agree but the place in the file. */
function layoutOf({ dtype, shape, parts }: TensorEntry): string {
  return JSON.stringify([
    dtype,
    shape,
    parts.map(({ codings, box, strides, byteLength }) => [codings, box, strides, byteLength]),
  ]);
}

async function bytesOf({ parts }: TensorEntry, { folder }: Comparison): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  for (const { file, offset, byteLength } of parts) {
    const source = await folder.open(file);
    if (source === undefined) {
      return undefined;
    }
    pieces.push(await source.read(offset, byteLength));
  }
  return Buffer.concat(pieces);
}

import type { DcpItem, DcpMetadata, DcpTensor } from "./metadata.ts";

/** Each rank names the tensors that it has, and its own chunks of them. */
export function joinMetadata(all: readonly DcpMetadata[]): DcpMetadata {
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) {
    return only;
  }
  const tensors = new Map<string, DcpTensor>();
  for (const tensor of all.flatMap((each) => each.tensors)) {
    const chunks = [...(tensors.get(tensor.name)?.chunks ?? []), ...tensor.chunks];
    tensors.set(tensor.name, { ...tensor, chunks });
  }
  return {
    tensors: Array.from(tensors.values()),
    values: Array.from(new Set(all.flatMap(({ values }) => values))),
    items: all.flatMap(({ items }) => items),
  };
}

/** What lies in one of the files: each chunk as a tensor of its own, named by its slice where it is not the whole. */
export function inFile(metadata: DcpMetadata, file: string): DcpMetadata {
  const tensors = new Map(metadata.tensors.map((tensor) => [tensor.name, tensor]));
  const own = metadata.items.filter((item) => item.file === file);
  const chunks = own.flatMap((item) => asTensor(item, tensors.get(item.name)) ?? []);
  return {
    tensors: chunks.map(({ tensor }) => tensor),
    values: own.flatMap(({ name, start }) => (start === undefined ? [name] : [])),
    items: [...chunks.map(({ item }) => item), ...own.filter(({ start }) => start === undefined)],
  };
}

interface ChunkAsTensor {
  readonly tensor: DcpTensor;
  readonly item: DcpItem;
}

function asTensor(item: DcpItem, tensor: DcpTensor | undefined): ChunkAsTensor | undefined {
  const { start = [] } = item;
  const chunk = tensor?.chunks.find((box) => String(box.start) === String(start));
  if (item.start === undefined || tensor === undefined || chunk === undefined) {
    return undefined;
  }
  const { shape } = chunk;
  const slice = start.map((first, axis) => `${first}:${first + (shape[axis] ?? 0)}`).join(", ");
  const name = String(shape) === String(tensor.shape) ? item.name : `${item.name}[${slice}]`;
  const origin = start.map(() => 0);
  return {
    tensor: { ...tensor, name, shape, chunks: [{ start: origin, shape }] },
    item: { ...item, name, start: origin },
  };
}

export function withoutSlice(name: string): string {
  return name.replace(/\[[\d:, ]*\]$/, "");
}

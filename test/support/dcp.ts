import { built, call, list, name, type Pickled, pickle, type Written } from "./pickle.ts";
import { bytesOf, concat } from "./safetensors.ts";
import { tensor, torchZip } from "./torch.ts";

/** One chunk of a tensor: where it starts, its shape, its elements in float32, and the rank that holds it. */
export interface TestChunk {
  readonly start: readonly number[];
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly rank?: number;
  /** What the metadata say instead of what is right. */
  readonly said?: Partial<Record<"file" | "offset" | "length", string | number>>;
  /** Not in storage_data. */
  readonly isLost?: boolean;
  /** Written through a transform: what the metadata call it, and what it makes of the archive. */
  readonly transform?: { readonly called: string; readonly of: (archive: Uint8Array) => Uint8Array };
}

export interface TestSave {
  readonly tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly chunks: readonly TestChunk[] }>
  >;
  readonly values?: Readonly<Record<string, Pickled>>;
  /** Instead of `.metadata`. */
  readonly metadataName?: string;
}

type Files = Record<string, Uint8Array>;

/** What torch.distributed.checkpoint writes: `.metadata`, and for each rank a file of torch.save's archives. */
export function dcpFiles({ tensors, values = {}, metadataName = ".metadata" }: TestSave): Files {
  const files: Files = {};
  const items: [Written, Written][] = [];
  const append = (file: string, data: Uint8Array): { file: string; offset: number; length: number } => {
    const before = files[file] ?? new Uint8Array();
    files[file] = concat([before, data]);
    return { file, offset: before.length, length: data.length };
  };
  for (const [own, value] of Object.entries(values)) {
    items.push([itemKey(own), storageInfo(append("__0_0.distcp", torchZip(value, [])))]);
  }
  for (const [own, { chunks }] of Object.entries(tensors)) {
    for (const chunk of chunks) {
      const place = append(`__${chunk.rank ?? 0}_0.distcp`, chunkData(chunk));
      if (chunk.isLost !== true) {
        items.push([itemKey(own, chunk.start), storageInfo({ ...place, ...chunk.said }, chunk.transform?.called)]);
      }
    }
  }
  const described = [
    ...Object.entries(tensors).map(([own, { shape, chunks }]) => [own, tensorMetadata(shape, chunks)] as const),
    ...Object.keys(values).map((own) => [own, object("metadata", "BytesStorageMetadata", {})] as const),
  ];
  const root = object("metadata", "Metadata", {
    state_dict_metadata: new Map<Pickled, Pickled>(described),
    planner_data: {},
    storage_data: new Map<Pickled, Pickled>(items),
  });
  return { ...files, [metadataName]: pickle(root) };
}

function chunkData(chunk: TestChunk): Uint8Array {
  const archive = chunkArchive(chunk);
  return chunk.transform?.of(archive) ?? archive;
}

/** An archive of one tensor in float32. */
export function chunkArchive({ shape, values }: Pick<TestChunk, "shape" | "values">): Uint8Array {
  const storage = { key: "0", type: "Float", elements: values.length, data: bytesOf(Float32Array.from(values)) };
  return torchZip(tensor({ storage, size: shape, stride: strides(shape) }), [storage]);
}

function strides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

function itemKey(fqn: string, start?: readonly number[]): Written {
  return object("metadata", "MetadataIndex", { fqn, offset: start === undefined ? null : torchSize(start), index: 0 });
}

function storageInfo(
  { file, offset, length }: Record<"file" | "offset" | "length", string | number>,
  transform?: string,
): Written {
  const transforms = transform === undefined ? {} : { transform_descriptors: list([transform]) };
  return object("filesystem", "_StorageInfo", { relative_path: file, offset, length, ...transforms });
}

function tensorMetadata(shape: readonly number[], chunks: readonly TestChunk[]): Written {
  const properties = built(call(name("torch.distributed.checkpoint.metadata", "TensorProperties"), []), [
    name("torch", "float32"),
    name("torch", "strided"),
    false,
    0,
    false,
  ]);
  const boxes = chunks.map((chunk) =>
    object("metadata", "ChunkStorageMetadata", { offsets: torchSize(chunk.start), sizes: torchSize(chunk.shape) }),
  );
  return object("metadata", "TensorStorageMetadata", { properties, size: torchSize(shape), chunks: list(boxes) });
}

export function object(module: string, own: string, state: Pickled): Written {
  return built(call(name(`torch.distributed.checkpoint.${module}`, own), []), state);
}

function torchSize(numbers: readonly number[]): Written {
  return call(name("torch", "Size"), [numbers]);
}

/** How people call a family of checkpoint files, and how their names end; bytes decide what a file is. */
export interface CheckpointFamily {
  readonly name: string;
  readonly endings: readonly string[];
  /** Endings that many other programs use too. */
  readonly commonEndings?: readonly string[];
}

export const CHECKPOINT_FAMILIES: readonly CheckpointFamily[] = [
  { name: "safetensors", endings: ["safetensors"] },
  { name: "PyTorch", endings: ["pt", "pth", "ckpt"], commonEndings: ["bin"] },
  { name: "PaddlePaddle", endings: ["pdparams", "pdopt"] },
  { name: "ONNX", endings: ["onnx"] },
  { name: "GGUF", endings: ["gguf"] },
  { name: "Flax", endings: ["msgpack"] },
  { name: "NumPy", endings: ["npz"], commonEndings: ["npy"] },
  { name: "Keras and HDF5", endings: ["keras", "h5", "hdf5"] },
  { name: "TensorFlow", endings: [], commonEndings: ["index"] },
];

/** Of an index of shards: `model.safetensors.index.json`. */
export const SHARDED_ENDINGS: readonly string[] = ["safetensors", "bin", "pt", "pth"];

/** Names of files of NumPy, HDF5 and Keras. They hold data sets as often as tensors: names that say so are left out. */
export function isArrayFileName(name: string): boolean {
  return name.endsWith(".npy") ? TENSOR_NAME.test(name) : ARRAY_FILE.test(name) && !DATA_NAME.test(name);
}

const ARRAY_FILE = /\.(npz|h5|hdf5|keras)$/i;
const DATA_NAME =
  /^([xy]_)?(train|training|test|val|valid|validation|data|dataset|images|labels|features)[-_.]?\d*\.\w+$/i;
/** A single array is a checkpoint only when its name says what it holds: `grads.npy`, `layer1_weight.npy`. */
const TENSOR_NAME = /(^|[-_.])(grads?|gradients?|weights?|params?)([-_.])/i;

/** What may follow a step in such a name. */
export const ARRAY_SUFFIX = /\.(?:npy|npz|(?:weights\.)?h5|hdf5|keras)$/i;

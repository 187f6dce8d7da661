import type { TensorKind } from "#core/tensor.ts";

/** What a variable is to an optimizer. */
export interface Slot {
  readonly kind: TensorKind;
  /** The key of the variable it belongs to, where the checkpoint has that. */
  readonly parameter?: string;
}

export interface Variables {
  readonly keys: ReadonlySet<string>;
  /** Key → the variable's own name. */
  readonly fullNames: ReadonlyMap<string, string>;
  /** The name of a variable that is no optimizer's, as it is or with `_` for `/` → key. */
  readonly keyOf: ReadonlyMap<string, string>;
}

const VALUE = "/.ATTRIBUTES/VARIABLE_VALUE";

export function variablesOf(keys: Iterable<string>, fullNames: ReadonlyMap<string, string>): Variables {
  const keyOf = new Map<string, string>();
  for (const [key, name] of fullNames) {
    if (!isOptimizers(key)) {
      keyOf.set(name, key);
      keyOf.set(name.replaceAll("/", "_"), key);
    }
  }
  return { keys: new Set(keys), fullNames, keyOf };
}

/** The slot a key is; undefined for a variable that is no optimizer's. */
export function slotOf(key: string, variables: Variables): Slot | undefined {
  return objectSlot(key, variables) ?? graphSlot(key, variables) ?? namedSlot(key, variables);
}

/** Counters and rates as well; `_trainable_variables` are the model's own. */
export function isOptimizers(key: string): boolean {
  return key.includes("/.OPTIMIZER_SLOT/") || /optimizer[^/]*\/(?!_trainable_variables\/)/i.test(key);
}

/** Of Keras 2 and TensorFlow's own: `layer/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE`. */
function objectSlot(key: string, { keys }: Variables): Slot | undefined {
  const match = /^(.*)\/\.OPTIMIZER_SLOT\/[^/]+\/([^/]+)\/\.ATTRIBUTES\/VARIABLE_VALUE$/.exec(key);
  const [, owner = "", slot = ""] = match ?? [];
  return match === null ? undefined : withParameter(kindOfSlot(slot, ""), owner + VALUE, keys);
}

/** Of TensorFlow 1: `layer/kernel/Adam` beside `layer/kernel`. */
function graphSlot(key: string, { keys }: Variables): Slot | undefined {
  const at = key.lastIndexOf("/");
  const [owner, slot] = [key.slice(0, at), key.slice(at + 1)];
  if (!keys.has(owner)) {
    return /^beta\d_power(?:_\d+)?$/.test(key) ? { kind: "other" } : undefined;
  }
  // A centered RMSProp keeps the mean gradient before the momentum.
  const isCentered = slot === "RMSProp_1" && keys.has(`${owner}/RMSProp_2`);
  const kind = isCentered ? "moment1" : GRAPH_SLOTS.get(slot);
  return kind === undefined ? undefined : { kind, parameter: owner };
}

const GRAPH_SLOTS: ReadonlyMap<string, TensorKind> = new Map(
  Object.entries<TensorKind>({
    Adam: "moment1",
    Adam_1: "moment2",
    Momentum: "momentum",
    RMSProp: "moment2",
    RMSProp_1: "momentum",
    RMSProp_2: "momentum",
    Adagrad: "moment2",
    Adadelta: "moment2",
    Adadelta_1: "other",
    Ftrl: "other",
    Ftrl_1: "other",
  }),
);

/** Of Keras 3 by the variable's own name: `adam/sequential_d1_kernel_momentum`; before it `Adam/m/dense/kernel`. */
function namedSlot(key: string, { fullNames, keyOf }: Variables): Slot | undefined {
  if (!isOptimizers(key)) {
    return undefined;
  }
  const name = fullNames.get(key) ?? "";
  const after = /^([^/]+)\/(.+)_(momentum|velocity|average_gradient|accumulator|accumulated_grad)$/.exec(name);
  const between = /^([^/]+)\/(m|v|momentum|velocity|average_gradient|accumulator)\/(.+)$/.exec(name);
  const [, optimizer = "", owner = "", slot = ""] =
    after ?? (between === null ? [] : [between[0], between[1], between[3], between[2]]);
  const parameter = keyOf.get(owner);
  const kind = kindOfSlot(slot, optimizer);
  return parameter === undefined ? { kind } : { kind, parameter };
}

/** Adam and its kin call the mean gradient momentum, and the mean square velocity, as RMSprop does. */
function kindOfSlot(slot: string, optimizer: string): TensorKind {
  if (slot === "momentum" || slot === "m") {
    const isMean = optimizer === "" ? slot === "m" : /adam|lamb|lion|adafactor/i.test(optimizer);
    return isMean ? "moment1" : "momentum";
  }
  return SLOT_KINDS.get(slot) ?? "other";
}

const SLOT_KINDS: ReadonlyMap<string, TensorKind> = new Map(
  Object.entries<TensorKind>({
    v: "moment2",
    velocity: "moment2",
    rms: "moment2",
    mg: "moment1",
    average_gradient: "moment1",
    accumulator: "moment2",
    accumulated_grad: "moment2",
    accum_grad: "moment2",
  }),
);

function withParameter(kind: TensorKind, parameter: string, keys: ReadonlySet<string>): Slot {
  return keys.has(parameter) ? { kind, parameter } : { kind };
}

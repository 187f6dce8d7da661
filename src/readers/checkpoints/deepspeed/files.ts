/** The files of one save of DeepSpeed, by what their names say. */
export interface SaveFiles {
  /** Of each model-parallel rank the optimizer's partitions, in the order of the data-parallel ranks. */
  readonly optimizers: ReadonlyMap<number, readonly string[]>;
  /** Of each model-parallel rank its models: one, or with stage 3 one of each data-parallel rank. */
  readonly models: ReadonlyMap<number, readonly string[]>;
  /** Experts, and layers of a pipeline: files of weights alone. */
  readonly weights: readonly string[];
  /** States of a universal checkpoint, each parameter's in a folder. */
  readonly states: readonly UniversalState[];
  /** Optimizers of experts, which are not partitioned. */
  readonly others: readonly string[];
}

export interface UniversalState {
  readonly path: string;
  readonly parameter: string;
  /** `fp32`, `exp_avg`, … */
  readonly slot: string;
}

/** Before 0.3 there was no `_` before `optim`. */
const OPTIMIZER = /^(?:[a-z\d]+_)?zero_pp_rank_(\d+)_mp_rank_(\d+)_?optim_states\.pt$/;
const MODEL = /^(?:zero_pp_rank_(\d+)_)?mp_rank_(\d+)_model_states\.pt$/;
const WEIGHTS = /^(?:(?:layer_\d+_)?expert_\d+_mp_rank_\d+_|layer_\d+-model_\d+-)model_states\.pt$/;
const STATE = /^zero\/(.+)\/([a-z\d_]+)\.pt$/;
const OTHER = /^expp_rank_\d+_mp_rank_\d+_optim_states\.pt$/;

/** Whether a file of a folder is DeepSpeed's. */
export function isDeepSpeedFile(name: string): boolean {
  return OPTIMIZER.test(name) || MODEL.test(name) || WEIGHTS.test(name) || /^zero\/[^/]+\/fp32\.pt$/.test(name);
}

/** Of the paths those in one folder, which ends with a `/` or is nothing. */
export function filesIn(paths: readonly string[], prefix: string): SaveFiles {
  const names = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const withPrefix = (pattern: RegExp): string[] =>
    names.filter((name) => pattern.test(name)).map((name) => prefix + name);
  return {
    optimizers: byRanks(names, prefix, OPTIMIZER),
    models: byRanks(names, prefix, MODEL),
    weights: withPrefix(WEIGHTS),
    states: names.flatMap((name) => {
      const [, parameter = "", slot = ""] = STATE.exec(name) ?? [];
      return parameter === "" ? [] : [{ path: prefix + name, parameter, slot }];
    }),
    others: withPrefix(OTHER),
  };
}

function byRanks(names: readonly string[], prefix: string, pattern: RegExp): ReadonlyMap<number, readonly string[]> {
  const found = names.flatMap((name) => {
    const [whole, data = "0", model = "0"] = pattern.exec(name) ?? [];
    return whole === undefined ? [] : [{ path: prefix + name, data: Number(data), model: Number(model) }];
  });
  const sorted = found.toSorted((a, b) => (a.model === b.model ? a.data - b.data : a.model - b.model));
  const ranks = Map.groupBy(sorted, ({ model }) => model);
  return new Map(Array.from(ranks, ([model, files]) => [model, files.map(({ path }) => path)]));
}

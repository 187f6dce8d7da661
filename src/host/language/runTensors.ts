import type { Disposable } from "#core/event.ts";
import { plainName } from "#core/names/plainName.ts";
import type { TensorNorms } from "#core/tensor.ts";
import type { TensorIndex } from "#source/tensors/tensorIndex.ts";
import type { CheckpointSummary } from "#store/checkpointSummary.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { checkpointName } from "./updatesBook.ts";
import type { StoredFacts } from "./hoverText.ts";
import type { LazySource } from "./lazySource.ts";
import { createThrottle } from "../throttle.ts";

// A run that grows has new tensors at its start; then they stay the same.
const PREPARE_MS = 500;

/** The tensors of each run, prepared so that a hover finds one in microseconds. */
export interface RunTensors extends Disposable {
  /** Undefined until it is prepared, which asking begins. */
  readonly of: (run: Run) => PreparedTensors | undefined;
}

export interface PreparedTensors {
  readonly index: TensorIndex;
  /** From the newest checkpoint that has the tensor; one for each kind. */
  readonly stored: (tensor: string) => readonly StoredFacts[];
}

interface Page extends PreparedTensors {
  readonly series: ReadonlyMap<string, SourcedSeries>;
  readonly checkpoints: number;
}

export function createRunTensors(store: RunStore, lazy: LazySource): RunTensors {
  const pages = new WeakMap<Run, Page>();
  const waiting = new Set<Run>();
  const throttle = createThrottle(() => {
    [...waiting].filter((one) => store.get(one.id) === one).forEach(prepare);
    waiting.clear();
  }, PREPARE_MS);

  function prepareSoon(run: Run): void {
    waiting.add(run);
    throttle.soon();
  }

  function prepare(run: Run): Page | undefined {
    const service = lazy.ifLoaded();
    if (service === undefined) {
      return undefined;
    }
    const stored = storedIn(run);
    const series = run.tensors();
    const logged = new Set(Array.from(series.keys(), plainName));
    const onlyStored = [...stored.keys()].filter((name) => !logged.has(name));
    const page: Page = {
      index: service.createTensorIndex([...series.keys(), ...onlyStored]),
      stored: (tensor) => [...(stored.get(plainName(tensor)) ?? [])],
      series,
      checkpoints: run.summaries.size,
    };
    pages.set(run, page);
    return page;
  }

  /** What was prepared before is right for all tensors that there were then. */
  function of(run: Run): PreparedTensors | undefined {
    const page = pages.get(run);
    const isCurrent = page?.series === run.tensors() && page.checkpoints === run.summaries.size;
    if (!isCurrent) {
      prepareSoon(run);
    }
    return page;
  }

  const subscriptions: readonly Disposable[] = [
    store.onDidChange(({ run, what }) => {
      if (what !== "removed" && (waiting.size > 0 || pages.has(run))) {
        of(run);
      }
    }),
    lazy.onDidLoad(() => store.runs().forEach((run) => of(run))),
    throttle,
  ];
  return { of, dispose: () => subscriptions.forEach((one) => one.dispose()) };
}

/** By plain name of the parameter; of several checkpoints the newest. */
function storedIn(run: Run): ReadonlyMap<string, readonly StoredFacts[]> {
  const found = new Map<string, Map<string, StoredFacts>>();
  const stepAt = new Map(run.checkpoints().map(({ path, step }) => [path, step ?? -1]));
  const newestLast = [...run.summaries].toSorted(([a], [b]) => (stepAt.get(a) ?? -1) - (stepAt.get(b) ?? -1));
  for (const [path, summary] of newestLast) {
    const checkpoint = checkpointName(run, path);
    for (const [name, norms] of parametersIn(summary)) {
      const kinds = found.get(name) ?? new Map<string, StoredFacts>();
      found.set(name, kinds.set(norms.kind, { norms, checkpoint }));
    }
  }
  return new Map(Array.from(found, ([name, kinds]) => [name, [...kinds.values()]]));
}

function parametersIn({ tensors }: CheckpointSummary): readonly (readonly [string, TensorNorms])[] {
  return Array.from(tensors.values(), (norms) => [plainName(norms.parameter ?? norms.name), norms] as const);
}

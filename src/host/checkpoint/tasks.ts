import { reviewOptimizer, reviewComparison } from "#analysis/checkpoints/review.ts";
import { stepInPath, stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import type { Disposable } from "#core/event.ts";
import { messageOf } from "#core/messageOf.ts";
import type { CheckpointTask, ToCheckpoint } from "#protocol/checkpoint.ts";
import type { NormsProgress } from "#protocol/workerAnswers.ts";
import { isCancelled } from "#client/cancelled.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { describeComparison } from "./describeComparison.ts";
import { describeOptimizer } from "./describeOptimizer.ts";

/** What a page asks for beside the norms; each runs once at a time, and its last answer is kept for a page that comes back. */
export interface CheckpointTasks extends Disposable {
  readonly setWeights: (norms: ReadonlyMap<string, number>) => void;
  readonly measureAdam: () => Promise<void>;
  readonly compareWith: (other: string) => Promise<void>;
  readonly swap: () => Promise<void>;
  readonly cancel: (task: CheckpointTask) => void;
  /** Sends the last comparison again. */
  readonly repeat: () => void;
  readonly forget: () => void;
}

export interface TaskOptions {
  readonly worker: WorkerClient;
  readonly threads: () => number;
  readonly post: (message: ToCheckpoint) => void;
}

export function createTasks(path: string, { worker, threads, post }: TaskOptions): CheckpointTasks {
  const running = new Map<CheckpointTask, AbortController>();
  const answers = new Map<CheckpointTask, ToCheckpoint>();
  let weights: ReadonlyMap<string, number> = new Map();
  let compared: ComparedPaths | undefined;

  async function run(task: CheckpointTask, work: (request: RequestOptions) => Promise<ToCheckpoint>): Promise<void> {
    running.get(task)?.abort();
    const controller = new AbortController();
    running.set(task, controller);
    const onProgress = ({ doneBytes, totalBytes, secondsLeft }: NormsProgress): void =>
      post({ kind: "taskProgress", task, doneBytes, totalBytes, secondsLeft });
    try {
      const answer = await work({ signal: controller.signal, onProgress });
      answers.set(task, answer);
      post(answer);
    } catch (error) {
      if (running.get(task) === controller) {
        const message = messageOf(error);
        post({ kind: "taskStopped", task, message: isCancelled(error) ? null : message });
      }
    }
  }

  async function measure(request: RequestOptions): Promise<ToCheckpoint> {
    const adam = await worker.request<"measureAdam">({ kind: "measureAdam", path, threads: threads() }, request);
    return { kind: "adam", adam: adam === null ? null : describeOptimizer(reviewOptimizer(adam, weights)) };
  }

  async function compare(paths: ComparedPaths): Promise<void> {
    compared = paths;
    await run("comparison", async (request) => comparisonOf(worker, paths, { ...request, threads: threads() }));
  }

  return {
    setWeights: (norms) => void (weights = norms),
    async measureAdam() {
      const known = answers.get("adam");
      if (known === undefined) {
        await run("adam", measure);
      } else {
        post(known);
      }
    },
    compareWith: async (other) => compare(inOrder(other, path)),
    async swap() {
      if (compared !== undefined) {
        await compare([compared[1], compared[0]]);
      }
    },
    cancel: (task) => running.get(task)?.abort(),
    repeat() {
      const known = answers.get("comparison");
      if (known !== undefined) {
        post(known);
      }
    },
    forget: () => answers.clear(),
    dispose: () => running.forEach((controller) => controller.abort()),
  };
}

type ComparedPaths = readonly [before: string, after: string];

interface RequestOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: NormsProgress) => void;
}

/** The one of the earlier step first; without steps the one that is shown is the later. */
function inOrder(other: string, shown: string): ComparedPaths {
  const [otherStep, shownStep] = [stepInPath(other), stepInPath(shown)];
  return otherStep !== null && shownStep !== null && otherStep > shownStep ? [shown, other] : [other, shown];
}

async function comparisonOf(
  worker: WorkerClient,
  paths: ComparedPaths,
  { threads, ...request }: RequestOptions & { readonly threads: number },
): Promise<ToCheckpoint> {
  const [before, after] = paths;
  const comparison = await worker.request<"compareCheckpoints">(
    { kind: "compareCheckpoints", before, after, threads },
    request,
  );
  const steps = stepsBetween({ given: undefined, paths, comparison });
  const review = reviewComparison(comparison, steps?.count ?? null);
  return { kind: "comparison", comparison: describeComparison({ paths, comparison, steps, review }) };
}

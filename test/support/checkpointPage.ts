import { reviewComparison, reviewOptimizer } from "../../src/analysis/checkpoints/review.ts";
import { stepsBetween } from "../../src/analysis/checkpoints/stepsBetween.ts";
import { describeComparison } from "../../src/host/checkpoint/describeComparison.ts";
import { describeNorms } from "../../src/host/checkpoint/describeNorms.ts";
import { describeOptimizer } from "../../src/host/checkpoint/describeOptimizer.ts";
import type { FromCheckpoint, ToCheckpoint } from "../../src/protocol/checkpoint.ts";
import { createReadingWorker } from "./readingWorker.ts";
import { openWebviewPage } from "./webviewPage.ts";
import type { WebviewOptions, WebviewPage } from "./webviewPage.ts";

/** The checkpoint's page alone, answered by the functions that answer it in the extension. */
export interface CheckpointPage extends WebviewPage {
  readonly tell: (message: ToCheckpoint) => Promise<void>;
  /** Sends index and norms of a file. */
  readonly show: (path: string) => Promise<void>;
  /** Answers what the page asked since it was answered last; `other` is what it is compared with. */
  readonly answer: (path: string, other?: string) => Promise<void>;
}

export async function openCheckpointPage(options: WebviewOptions = {}): Promise<CheckpointPage> {
  const view = await openWebviewPage("checkpoint", options);
  const worker = createReadingWorker();
  const tell = view.send as CheckpointPage["tell"];
  let answered = 0;

  async function show(path: string): Promise<void> {
    const { files, ...listing } = await worker.request<"indexCheckpoint">({ kind: "indexCheckpoint", path });
    const index = { ...listing, file: path.replace(/^.*\/(?=[^/]+\/)/, ""), isFolder: !files.includes(path) };
    await view.send({ kind: "index", ...index, takenAs: "weight" });
    const progress: unknown[] = [];
    const norms = await worker.request<"computeNorms">(
      { kind: "computeNorms", path, threads: 1, engine: "simd", hasAlternatives: true },
      { onProgress: (step) => progress.push({ kind: "progress", ...step }) },
    );
    for (const step of progress) {
      await view.send(step);
    }
    await tell(describeNorms(norms));
  }

  async function answerOne(asked: FromCheckpoint, path: string, other: string | undefined): Promise<void> {
    if (asked.kind === "describeTensor") {
      const { name, file, tensorKind } = asked;
      const found: unknown[] = [];
      await worker.request<"computeNorms">(
        { kind: "computeNorms", path, threads: 1, engine: "simd", isFull: true, only: name },
        { onProgress: ({ tensors }) => found.push(...tensors) },
      );
      await view.send({ kind: "statistics", name, file, tensorKind, norms: found[0], failure: null });
    } else if (asked.kind === "computeSpectrum") {
      const { name, file, tensorKind } = asked;
      const spectrum = await worker.request<"computeSpectrum">({ kind: "computeSpectrum", path, name });
      await view.send({ kind: "spectrum", name, file, tensorKind, spectrum, failure: null });
    } else if (asked.kind === "measureAdam") {
      const adam = await worker.request<"measureAdam">({ kind: "measureAdam", path, threads: 1 });
      const shown = adam === null ? null : describeOptimizer(reviewOptimizer(adam, new Map()));
      await tell({ kind: "adam", adam: shown });
    } else if (asked.kind === "compare" && other !== undefined) {
      const paths = [other, path] as const;
      const comparison = await worker.request<"compareCheckpoints">({
        kind: "compareCheckpoints",
        before: other,
        after: path,
        threads: 1,
      });
      const steps = stepsBetween({ given: undefined, paths, comparison });
      const review = reviewComparison(comparison, steps?.count ?? null);
      await tell({ kind: "comparison", comparison: describeComparison({ paths, comparison, steps, review }) });
    }
  }

  return {
    ...view,
    tell,
    show,
    async answer(path, other) {
      const posted = (await view.posted()) as unknown as readonly FromCheckpoint[];
      for (const asked of posted.slice(answered)) {
        await answerOne(asked, path, other);
      }
      answered = posted.length;
    },
  };
}

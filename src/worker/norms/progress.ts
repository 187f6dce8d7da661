import type { TensorNorms } from "#core/tensor.ts";
import type { NormsProgress } from "#protocol/workerAnswers.ts";
import { createTimeLeft } from "./timeLeft.ts";

export interface Progress {
  /** Bytes done of the tensor that is not finished yet. */
  readonly advance: (bytesOfTensor: number) => void;
  /** Bytes of what is finished, and its norms where they are known already. */
  readonly finish: (bytes: number, norms?: TensorNorms) => void;
  readonly flush: () => void;
}

// Often enough for a smooth bar, seldom enough to cost nothing.
const PROGRESS_MS = 50;

/** Gathers finished tensors and reports them now and then. */
export function createProgress(
  totalBytes: number,
  report: ((progress: NormsProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): Progress {
  const timeLeft = createTimeLeft(totalBytes, now);
  let finishedBytes = 0;
  let tensorBytes = 0;
  let reportedMs = 0;
  let tensors: TensorNorms[] = [];

  function flush(): void {
    reportedMs = now();
    const doneBytes = finishedBytes + tensorBytes;
    report?.({ doneBytes, totalBytes, secondsLeft: timeLeft(doneBytes), tensors });
    tensors = [];
  }

  function flushIfDue(): void {
    if (now() - reportedMs >= PROGRESS_MS) {
      flush();
    }
  }

  return {
    advance(bytesOfTensor) {
      tensorBytes = bytesOfTensor;
      flushIfDue();
    },
    finish(bytes, norms) {
      finishedBytes += bytes;
      tensorBytes = 0;
      if (norms !== undefined) {
        tensors.push(norms);
      }
    },
    flush,
  };
}

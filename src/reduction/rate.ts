import type { ReductionEngine } from "./engine.ts";

/** How long to measure, in milliseconds. */
export interface RateLimits {
  /** Of processor time, so that a busy machine leaves enough chunks that nothing came between. */
  readonly busyMs: number;
  /** Of time that passes, for a GPU takes little of the processor's. */
  readonly passedMs: number;
}

/** Bytes of float32 an engine reduces in a second, chunk after chunk from its own memory: the best of what fits into the time. */
export async function measureRate(engine: ReductionEngine, { busyMs, passedMs }: RateLimits): Promise<number> {
  const length = engine.staging.chunkElements("F32") * FLOAT32_BYTES;
  const bytes = engine.staging.place(0, { offset: 0, length, alignment: FLOAT32_BYTES });
  new Float32Array(bytes.buffer, bytes.byteOffset, length / FLOAT32_BYTES).fill(1e-3);
  const release = engine.staging.claim();
  try {
    let best = 0;
    const [busyEndMs, endMs] = [processorMs() + busyMs, performance.now() + passedMs];
    while (processorMs() < busyEndMs && performance.now() < endMs) {
      const startMs = performance.now();
      await engine.reduce({ dtype: "F32", bytes });
      best = Math.max(best, length / (performance.now() - startMs));
    }
    return best * 1000;
  } finally {
    release();
  }
}

const FLOAT32_BYTES = 4;

/** What this process has had of the processor, in milliseconds. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

import type { ReductionEngine } from "./engine.ts";

/**
 * Bytes of float32 an engine reduces in a second, chunk after chunk from its own memory: the best of what fits into the time,
 * for a busy machine makes single ones slow. Milliseconds by the clock that is passed in.
 */
export async function measureRate(engine: ReductionEngine, forMs: number, nowMs: () => number): Promise<number> {
  const length = engine.staging.chunkElements("F32") * FLOAT32_BYTES;
  const bytes = engine.staging.place(0, { offset: 0, length, alignment: FLOAT32_BYTES });
  new Float32Array(bytes.buffer, bytes.byteOffset, length / FLOAT32_BYTES).fill(1e-3);
  const release = engine.staging.claim();
  try {
    let best = 0;
    for (const endMs = nowMs() + forMs; nowMs() < endMs;) {
      const startMs = nowMs();
      await engine.reduce({ dtype: "F32", bytes });
      best = Math.max(best, length / (nowMs() - startMs));
    }
    return best * 1000;
  } finally {
    release();
  }
}

const FLOAT32_BYTES = 4;

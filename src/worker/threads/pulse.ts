/**
 * What a reduction thread does, as others see it in shared memory: nothing, computing, or reading, and from which file of its
 * task; and how often that changed. A thread that reads blocks, so it can tell by no message that it lives.
 */
export interface Pulse {
  readonly phase: () => Phase;
  readonly changes: () => number;
  /** The number of the file that it reads; -1 while it reads none. */
  readonly file: () => number;
  readonly enter: (phase: Phase, file?: number) => void;
  /** To be handed to another thread. */
  readonly shared: Int32Array;
}

const PHASES = ["idle", "computing", "reading"] as const;
export type Phase = (typeof PHASES)[number];

export function createPulse(shared: Int32Array = new Int32Array(new SharedArrayBuffer(12))): Pulse {
  return {
    phase: () => PHASES[Atomics.load(shared, 0)] ?? "idle",
    changes: () => Atomics.load(shared, 1),
    file: () => Atomics.load(shared, 2),
    enter(phase, file = -1) {
      Atomics.store(shared, 0, PHASES.indexOf(phase));
      Atomics.store(shared, 2, file);
      Atomics.add(shared, 1, 1);
    },
    shared,
  };
}

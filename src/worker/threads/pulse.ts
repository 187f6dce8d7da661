/**
 * What a reduction thread does, as others see it in shared memory: nothing, computing, or reading; and how often that
 * changed. A thread that reads blocks, so it can tell by no message that it lives.
 */
export interface Pulse {
  readonly phase: () => Phase;
  readonly changes: () => number;
  readonly enter: (phase: Phase) => void;
  /** To be handed to another thread. */
  readonly shared: Int32Array;
}

const PHASES = ["idle", "computing", "reading"] as const;
export type Phase = (typeof PHASES)[number];

export function createPulse(shared: Int32Array = new Int32Array(new SharedArrayBuffer(8))): Pulse {
  return {
    phase: () => PHASES[Atomics.load(shared, 0)] ?? "idle",
    changes: () => Atomics.load(shared, 1),
    enter(phase) {
      Atomics.store(shared, 0, PHASES.indexOf(phase));
      Atomics.add(shared, 1, 1);
    },
    shared,
  };
}

/** A threshold that others use: a convention to compare with, no advice. */
export interface ReferenceThreshold {
  readonly value: number;
  /** Whose default it is. */
  readonly source: string;
}

/** Defaults as they stand in the sources of these projects, for marks on an axis. */
export const REFERENCE_THRESHOLDS: readonly ReferenceThreshold[] = [
  { value: 0.1, source: "DETR" },
  { value: 0.25, source: "AWD-LSTM" },
  { value: 0.3, source: "QLoRA" },
  { value: 0.5, source: "PPO of Stable Baselines3" },
  { value: 1, source: "Hugging Face Trainer, Megatron-LM" },
];

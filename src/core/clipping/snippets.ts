/** How a threshold for the global norm is written in one framework. */
export interface ClipOption {
  readonly framework: string;
  /** The language or file it belongs to. */
  readonly language: "python" | "json" | "shellscript";
  readonly code: string;
}

/** For every framework the code or option that clips the global norm to a positive threshold. */
export function clipOptionsOf(threshold: number): readonly ClipOption[] {
  const value = numberLiteral(threshold);
  return [
    {
      framework: "PyTorch",
      language: "python",
      code: `torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=${value})`,
    },
    { framework: "Hugging Face Trainer", language: "python", code: `TrainingArguments(max_grad_norm=${value})` },
    {
      framework: "Lightning",
      language: "python",
      code: `Trainer(gradient_clip_val=${value}, gradient_clip_algorithm="norm")`,
    },
    { framework: "DeepSpeed", language: "json", code: `"gradient_clipping": ${value}` },
    {
      framework: "optax",
      language: "python",
      code: `optax.chain(optax.clip_by_global_norm(${value}), optimizer)`,
    },
    // Not clipnorm, which clips every variable by itself, nor clipvalue, which clips elements.
    { framework: "Keras", language: "python", code: `keras.optimizers.AdamW(global_clipnorm=${value})` },
    { framework: "Megatron-LM", language: "shellscript", code: `--clip-grad ${value}` },
  ];
}

/** A float in Python, JSON and on a command line. */
function numberLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

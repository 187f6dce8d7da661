import { t } from "@vscode/l10n";
/** A piece of Python that logs the norm of every gradient; its text is the file `snippets/<file>`, which runs as it is. */
export interface LoggingSnippet {
  readonly file: string;
  /** For people: the framework, and where in it the logging goes. */
  readonly title: string;
  readonly detail: string;
  /** What one types to get it in a Python file. */
  readonly prefix: string;
  /** Imports that tell the framework in a source; the first snippet whose pattern fits is proposed. */
  readonly imports: RegExp;
}

/** The frameworks that stand on another one first. */
export const LOGGING_SNIPPETS: readonly LoggingSnippet[] = [
  {
    file: "huggingFaceCallback.py",
    title: "Hugging Face Trainer",
    detail: t("A callback that measures before the Trainer clips"),
    prefix: "gradlens-huggingface",
    imports: /^[ \t]*(?:from|import)\s+(?:transformers|trl)\b/m,
  },
  {
    file: "lightningCallback.py",
    title: "Lightning",
    detail: t("A callback with on_before_optimizer_step"),
    prefix: "gradlens-lightning",
    imports: /^[ \t]*(?:from|import)\s+(?:lightning|pytorch_lightning)\b/m,
  },
  {
    file: "kerasCallback.py",
    title: "Keras 3",
    detail: t("A callback, on TensorFlow, JAX and PyTorch"),
    prefix: "gradlens-keras",
    imports: /^[ \t]*(?:from|import)\s+(?:keras|tensorflow)\b/m,
  },
  {
    file: "jaxStep.py",
    title: "JAX and Optax",
    detail: t("Norms inside the compiled step, written outside of it"),
    prefix: "gradlens-jax",
    imports: /^[ \t]*(?:from|import)\s+(?:jax|flax|optax)\b/m,
  },
  {
    file: "pytorchLoop.py",
    title: t("PyTorch loop"),
    detail: t("One call between backward() and clip_grad_norm_()"),
    prefix: "gradlens-pytorch",
    imports: /^[ \t]*(?:from|import)\s+torch\b/m,
  },
];

/** The snippets, that for a source's framework first. */
export function snippetsFor(source: string): readonly LoggingSnippet[] {
  const proposed = LOGGING_SNIPPETS.find(({ imports }) => imports.test(source));
  return LOGGING_SNIPPETS.toSorted((a, b) => Number(b === proposed) - Number(a === proposed));
}

import type { Segment } from "../python/chain.ts";
import type { TextRange } from "../document.ts";

/** What a place in a source says of a tensor's name, to be held against the names of a run. */
export interface TensorPattern {
  /** The name's segments in order. Without what follows them, they name a module: all tensors below it. */
  readonly segments: readonly Segment[];
  /** How many segments at the beginning the names may lack. */
  readonly optional: number;
  /** Whether names may have more in front, as those of a model inside another have. */
  readonly mayHavePrefix: boolean;
  /** What the class has beside the first segment: where more stands in front, one of them must stand there too. */
  readonly siblings: readonly string[];
}

/** A place in a source that names a tensor or a module. */
export interface TensorReference extends TextRange {
  /** As the source writes it. */
  readonly text: string;
  readonly isGradient: boolean;
  /** The most precise first; the first that a run has is meant. Those of one list are equally good. */
  readonly choices: readonly (readonly TensorPattern[])[];
}

/** Words that parameters are called by in every model, so that alone they name none. */
const PARAMETER_WORDS = /^(?:weight|bias|kernel|scale|embedding|gamma|beta|data|value)s?$/;

/** What is known beside the segments. */
export interface PatternOptions {
  readonly optional: number;
  /** Undefined unless the source shows that the first segment is a member of its class. */
  readonly siblings: readonly string[] | undefined;
}

/** A pattern for segments; what may stand in front depends on how much they tell. */
export function patternOf(segments: readonly Segment[], { optional, siblings }: PatternOptions): TensorPattern {
  const told = segments.slice(optional).filter((segment) => segment !== null);
  const [only] = told;
  const isTelling = told.length > 1 || (siblings !== undefined && only !== undefined && !PARAMETER_WORDS.test(only));
  return { segments, optional, mayHavePrefix: isTelling, siblings: siblings ?? [] };
}

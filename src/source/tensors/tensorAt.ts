import type { SourceDocument } from "../document.ts";
import type { TensorReference } from "./pattern.ts";
import { pythonTensorAt } from "./pythonTensor.ts";
import { textTensorAt } from "./textTensor.ts";

/**
 * The tensor or module that the text at an offset names; undefined where it names none. Nothing is known of any run here:
 * whether there is such a tensor, `matchTensors` tells.
 */
export function tensorAt(document: SourceDocument, offset: number): TensorReference | undefined {
  return document.language === "python" ? pythonTensorAt(document, offset) : textTensorAt(document, offset);
}

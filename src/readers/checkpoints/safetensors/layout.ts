import { bitsOf, type DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";

import { checkedProduct } from "../shared/product.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

export interface HeaderTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly elements: number;
  /** Bytes from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

/** Whether shape, element type and byte range agree, without overflow. `offset` is the entry's place in the file. */
export function checkTensor(tensor: Omit<HeaderTensor, "elements">, offset: number): Outcome<HeaderTensor> {
  const { name, dtype, shape, begin, end } = tensor;
  const elements = checkedProduct(shape);
  const bits = elements === undefined ? undefined : checkedProduct([elements, bitsOf(dtype)]);
  const described = `${tensorLabel(name)}: ${dtype} of shape [${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", …" : ""}]`;
  if (elements === undefined || bits === undefined) {
    return malformed(offset, `${described} has more than 2^53 bits. Save the file again.`);
  }
  if (bits % 8 !== 0) {
    return malformed(offset, `${described} ends inside a byte. Save it with a shape that fills whole bytes.`);
  }
  if (end - begin !== bits / 8) {
    return malformed(
      offset,
      `${described} takes ${bits / 8} bytes, but data_offsets are [${begin}, ${end}]. Save the file again.`,
    );
  }
  return ok({ ...tensor, elements });
}

/**
 * The tensors in the order of their bytes, if they cover the data with no hole and no overlap. This also stops headers
 * that name the same bytes a million times.
 */
export function checkTiling(
  tensors: readonly HeaderTensor[],
  { dataStart, size }: { readonly dataStart: number; readonly size: number },
): Outcome<HeaderTensor[]> {
  const sorted = tensors.toSorted((a, b) => (a.begin === b.begin ? a.end - b.end : a.begin - b.begin));
  let end = 0;
  for (const tensor of sorted) {
    if (tensor.begin !== end) {
      const fault = tensor.begin > end ? `leaves a hole after byte ${end}` : `overlaps bytes up to ${end}`;
      const what = `${tensorLabel(tensor.name)}: data_offsets [${tensor.begin}, ${tensor.end}] ${fault} of the data. Save the file again.`;
      return malformed(dataStart + tensor.begin, what);
    }
    ({ end } = tensor);
  }
  const need = dataStart + end;
  if (need > size) {
    return { kind: "incomplete", have: size, need };
  }
  return need === size
    ? ok(sorted)
    : malformed(
        need,
        `${size - need} bytes follow the last tensor. The file is damaged or not safetensors; save it again.`,
      );
}

import { bitsOf, type DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { checkedProduct } from "../shared/product.ts";
import { describeTensor } from "../shared/tensorSize.ts";
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
  const described = (): string => describeTensor(name, dtype, shape);
  if (elements === undefined || bits === undefined) {
    return malformed(offset, t("{0} has more than 2^53 bits. Save the file again.", described()));
  }
  if (bits % 8 !== 0) {
    return malformed(offset, t("{0} ends inside a byte. Save it with a shape that fills whole bytes.", described()));
  }
  if (end - begin !== bits / 8) {
    return malformed(
      offset,
      t(
        "{0} takes {1} bytes, but data_offsets are [{2}, {3}]. Save the file again.",
        described(),
        bits / 8,
        begin,
        end,
      ),
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
      const [name, begin, stop] = [tensorLabel(tensor.name), tensor.begin, tensor.end];
      const what =
        begin > end
          ? t(
              "{0}: data_offsets [{1}, {2}] leaves a hole after byte {3} of the data. Save the file again.",
              name,
              begin,
              stop,
              end,
            )
          : t(
              "{0}: data_offsets [{1}, {2}] overlaps bytes up to {3} of the data. Save the file again.",
              name,
              begin,
              stop,
              end,
            );
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
        t("{0} bytes follow the last tensor. The file is damaged or not safetensors; save it again.", size - need),
      );
}

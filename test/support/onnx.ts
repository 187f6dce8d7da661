import { bytesField, message, textField, varint, varintField } from "./protobuf.ts";
import { concat } from "./safetensors.ts";

/** TensorProto: what the test gives goes before the data. */
export interface TestOnnxTensor {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly (number | bigint)[];
  readonly raw?: Uint8Array;
  /** Fields as they are: typed lists, external data. */
  readonly more?: readonly Uint8Array[];
}

export function tensorProto({ name, type, dims, raw, more = [] }: TestOnnxTensor): Uint8Array {
  return message(
    ...dims.map((size) => varintField(1, size)),
    varintField(2, type),
    textField(8, name),
    ...(raw === undefined ? [] : [bytesField(9, raw)]),
    ...more,
  );
}

export function packed(field: number, values: readonly (number | bigint)[]): Uint8Array {
  return bytesField(field, concat(values.map(varint)));
}

export function externalData(entries: Readonly<Record<string, string>>): Uint8Array[] {
  const fields = Object.entries(entries).map(([key, value]) =>
    bytesField(13, message(textField(1, key), textField(2, value))),
  );
  return [...fields, varintField(14, 1)];
}

export function node(operator: string, output: string, ...attributes: readonly Uint8Array[]): Uint8Array {
  const own = [textField(2, output), textField(3, `node of ${output}`), textField(4, operator)];
  return bytesField(1, message(...own, ...attributes.map((attribute) => bytesField(5, attribute))));
}

export function constant(output: string, tensor: Uint8Array): Uint8Array {
  return node("Constant", output, message(textField(1, "value"), bytesField(5, tensor)));
}

export function initializers(...tensors: readonly TestOnnxTensor[]): Uint8Array[] {
  return tensors.map((tensor) => bytesField(5, tensorProto(tensor)));
}

/** ModelProto with a graph of these fields. */
export function onnxModel(...graph: readonly Uint8Array[]): Uint8Array {
  return message(
    varintField(1, 9),
    textField(2, "by hand"),
    bytesField(7, message(...graph)),
    bytesField(8, varintField(2, 20)),
  );
}

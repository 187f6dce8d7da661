import { type Field, integerField, messageField, textField } from "./onnxProtobuf.ts";
import { ROW_ELEMENTS } from "./rows.ts";

/** What the graph reads: float32 as it is, or the bits of bfloat16 as unsigned 16-bit integers. */
export type GraphInput = "float32" | "bfloat16";

/**
 * The bytes of an ONNX model: `x[rows, 512]` → `squareSums[rows]`, `squareMaxima[rows]`. `Mul` then `ReduceSum` because both
 * are vectorised in onnxruntime, while `ReduceSumSquare` is a scalar loop. Field numbers are those of onnx.proto.
 */
export function buildModel(input: GraphInput): Uint8Array {
  const model = [
    integerField(1, IR_VERSION[input]),
    messageField(7, graphFields(input)),
    messageField(8, [textField(1, ""), integerField(2, OPSET[input])]),
  ];
  return Uint8Array.from(model.flat());
}

// BitCast is registered from operator set 26 on; everything else needs 18 (ReduceMax with axes as an input).
const OPSET: Readonly<Record<GraphInput, number>> = { float32: 18, bfloat16: 26 };
const IR_VERSION: Readonly<Record<GraphInput, number>> = { float32: 8, bfloat16: 13 };

/** TensorProto.DataType */
const FLOAT = 1;
const UINT16 = 4;
const INT64 = 7;
const BFLOAT16 = 16;

const INPUT_TYPE: Readonly<Record<GraphInput, number>> = { float32: FLOAT, bfloat16: UINT16 };

/** GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
function graphFields(input: GraphInput): Field[] {
  return [
    ...widening(input),
    node("Mul", ["wide", "wide"], "squares"),
    node("ReduceSum", ["squares", "axes"], "squareSums", [integerAttribute("keepdims", 0)]),
    node("ReduceMax", ["squares", "axes"], "squareMaxima", [integerAttribute("keepdims", 0)]),
    textField(2, "squares by row"),
    messageField(5, [integerField(1, 1), integerField(2, INT64), integerField(7, 1), textField(8, "axes")]),
    value(11, "x", { type: INPUT_TYPE[input], shape: ["rows", ROW_ELEMENTS] }),
    value(12, "squareSums", { type: FLOAT, shape: ["rows"] }),
    value(12, "squareMaxima", { type: FLOAT, shape: ["rows"] }),
  ];
}

function widening(input: GraphInput): Field[] {
  switch (input) {
    case "float32":
      return [node("Identity", ["x"], "wide")];
    case "bfloat16":
      return [
        node("BitCast", ["x"], "bits", [integerAttribute("to", BFLOAT16)]),
        node("Cast", ["bits"], "wide", [integerAttribute("to", FLOAT)]),
      ];
  }
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
function node(operator: string, inputs: readonly string[], output: string, attributes: readonly Field[] = []): Field {
  return messageField(1, [
    ...inputs.map((name) => textField(1, name)),
    textField(2, output),
    textField(4, operator),
    ...attributes,
  ]);
}

/** AttributeProto: name 1, i 3, type 20 (2 is INT). */
function integerAttribute(name: string, integer: number): Field {
  return messageField(5, [textField(1, name), integerField(3, integer), integerField(20, 2)]);
}

/** ValueInfoProto: name 1, type 2 → TypeProto.tensor_type 1 → elem_type 1, shape 2 → dim 1 → dim_value 1 or dim_param 2. */
function value(
  field: number,
  name: string,
  { type, shape }: { readonly type: number; readonly shape: readonly (number | string)[] },
): Field {
  const dimensions = shape.map((size) =>
    messageField(1, [typeof size === "number" ? integerField(1, size) : textField(2, size)]),
  );
  const tensorType = messageField(1, [integerField(1, type), messageField(2, dimensions)]);
  return messageField(field, [textField(1, name), messageField(2, [tensorType])]);
}

import { bytesField, doubleField, doubles, floatField, message, varintField } from "./recordFields.ts";

/** A TFRecord as TensorFlow and PyTorch frame it. */
export function tfRecord(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

/** The first record of every event file. */
export const VERSION_RECORD = tfRecord(
  message(doubleField(1, 1_700_000_000), bytesField(3, Buffer.from("brain.Event:2"))),
);

export interface EventPlace {
  readonly step: number;
  readonly wallTime?: number;
}

/** An event with a summary of values. Step 0 is left out, as protobuf leaves out every default. */
export function eventRecord({ step, wallTime = 1_700_000_000 + step }: EventPlace, ...values: Buffer[]): Buffer {
  const summary = message(...values.map((value) => bytesField(1, value)));
  const fields = [doubleField(1, wallTime), ...(step === 0 ? [] : [varintField(2, step)]), bytesField(5, summary)];
  return tfRecord(message(...fields));
}

/** `add_scalar` of PyTorch, tensorboardX and TensorFlow 1. */
export function scalar(tag: string, value: number): Buffer {
  return message(bytesField(1, tag), floatField(2, value));
}

/** A value as a tensor, with the plugin's metadata where they are told. */
export function tensorValue(tag: string, tensor: Buffer, metadata?: Buffer): Buffer {
  const told = metadata === undefined ? [] : [bytesField(9, metadata)];
  return message(bytesField(1, tag), bytesField(8, tensor), ...told);
}

export function pluginMetadata(plugin: string, content: Uint8Array = Buffer.alloc(0)): Buffer {
  return bytesField(1, message(bytesField(1, plugin), bytesField(2, content)));
}

/** TensorProto of a data type and shape; `values` is the field with the numbers or texts. */
export function tensorOf(type: number, shape: readonly number[], values: Buffer): Buffer {
  const sizes = shape.map((size) => bytesField(2, varintField(1, size)));
  return message(varintField(1, type), bytesField(2, message(...sizes)), values);
}

/** `add_histogram` of PyTorch and tensorboardX: HistogramProto of all values in one bucket. */
export function histogram(tag: string, values: readonly number[]): Buffer {
  const [largest, smallest] = [Math.max(...values), Math.min(...values)];
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  const sum = values.reduce((total, value) => total + value, 0);
  const numbers = [smallest, largest, values.length, sum, squares];
  const fields = numbers.map((number, index) => doubleField(index + 1, number));
  const buckets = [bytesField(6, doubles([largest])), bytesField(7, doubles([values.length]))];
  return message(bytesField(1, tag), bytesField(5, message(...fields, ...buckets)));
}

/** `add_text`: Hugging Face's Trainer writes its arguments so. */
export function text(tag: string, value: string): Buffer {
  return tensorValue(tag, tensorOf(7, [1], bytesField(8, value)), pluginMetadata("text"));
}

function masked(bytes: Uint8Array): Buffer {
  const crc = crc32cBitByBit(bytes);
  const check = Buffer.alloc(4);
  check.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return check;
}

function crc32cBitByBit(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
  }
  return ~crc >>> 0;
}

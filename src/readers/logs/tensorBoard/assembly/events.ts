import {
  CHECKSUM_TABLE,
  DATA_END,
  NEXT,
  MASK,
  PATTERN,
  ROW_BYTES,
  ROWS,
  ROWS_END,
  SCALAR_BYTES,
  SCALARS,
  STEP,
  STEP_END,
  TIME,
  VECTOR_BYTES,
} from "./layout";

// A record is its length and a check of that, the data, and a check of these.
const HEADER_BYTES: usize = 12;
const CHECK_BYTES: usize = 4;

/** The event that was passed or followed last; 0 for none. */
let last: usize = 0;
let passedRecords: u32 = 0;
let rowsEnd: usize = ROWS;

export function passed(): u32 {
  return passedRecords;
}

export function samples(): u32 {
  return <u32>((rowsEnd - ROWS) / ROW_BYTES);
}

export function follow(event: usize): void {
  if (last !== 0) {
    store<u32>(last, <u32>event, NEXT);
  }
  last = event;
}

export function forget(): void {
  last = 0;
}

/**
 * Passes the records that are each like what came after the one before it the last time, and writes the rows of their
 * samples. Stops at the first that is not, or when there is no room for its rows. Gives where they end.
 */
export function pass(begin: usize, end: usize): usize {
  let at = begin;
  passedRecords = 0;
  rowsEnd = ROWS;
  while (last !== 0) {
    const event = word(last + NEXT);
    if (event === 0 || !isLike(event, at, end) || rowsEnd + roomFor(event) > <usize>ROWS_END) {
      break;
    }
    addRows(event, at);
    at += word(event + DATA_END) + CHECK_BYTES;
    passedRecords += 1;
    last = event;
  }
  return at;
}

function word(at: usize): usize {
  return <usize>load<u32>(at);
}

function roomFor(event: usize): usize {
  return ((word(event + PATTERN) - event - SCALARS) / SCALAR_BYTES) * ROW_BYTES;
}

/** The same bits under the mask, which leaves out its numbers alone; and a checksum that is right. */
export function isLike(event: usize, at: usize, end: usize): boolean {
  const dataEnd = at + word(event + DATA_END);
  if (dataEnd + CHECK_BYTES > end) {
    return false;
  }
  let pattern = word(event + PATTERN);
  const mask = word(event + MASK) - pattern;
  for (let place = at; place < dataEnd; place += VECTOR_BYTES) {
    const difference = v128.xor(v128.load(place), v128.load(pattern));
    if (v128.any_true(v128.and(difference, v128.load(pattern + mask)))) {
      return false;
    }
    pattern += VECTOR_BYTES;
  }
  return load<u32>(dataEnd) === maskedCrc32c(at + HEADER_BYTES, dataEnd);
}

function addRows(event: usize, at: usize): void {
  const time = word(event + TIME);
  const wallTime = time === 0 ? 0 : load<f64>(at + time);
  const step = varint(at + word(event + STEP), at + word(event + STEP_END));
  const scalarsEnd = word(event + PATTERN);
  for (let scalar = event + SCALARS; scalar < scalarsEnd; scalar += SCALAR_BYTES) {
    const place = at + word(scalar + 4);
    const isFloat = word(scalar + 8) === 4;
    store<u32>(rowsEnd, load<u32>(scalar));
    store<u32>(rowsEnd, passedRecords, 4);
    store<f64>(rowsEnd, step, 8);
    store<f64>(rowsEnd, isFloat ? <f64>load<f32>(place) : load<f64>(place), 16);
    store<f64>(rowsEnd, wallTime, 24);
    rowsEnd += ROW_BYTES;
  }
}

/** Of seven bytes at most, which a float64 holds. */
function varint(start: usize, end: usize): f64 {
  let value: u64 = 0;
  for (let at = end; at > start;) {
    at -= 1;
    value = (value << 7) | (load<u8>(at) & 0x7f);
  }
  return <f64>value;
}

function maskedCrc32c(start: usize, end: usize): u32 {
  let crc: u32 = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const low = crc ^ load<u32>(at);
    const high = load<u32>(at, 4);
    crc = fourBytes(low, 4) ^ fourBytes(high, 0);
  }
  if (at + 4 <= end) {
    crc = fourBytes(crc ^ load<u32>(at), 0);
    at += 4;
  }
  for (; at < end; at += 1) {
    crc = slice(crc ^ load<u8>(at), 0) ^ (crc >>> 8);
  }
  crc = ~crc;
  return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
}

function fourBytes(bytes: u32, after: u32): u32 {
  return (
    slice(bytes, after + 3) ^
    slice(bytes >>> 8, after + 2) ^
    slice(bytes >>> 16, after + 1) ^
    slice(bytes >>> 24, after)
  );
}

function slice(byte: u32, table: u32): u32 {
  return load<u32>(CHECKSUM_TABLE + ((table << 10) | ((byte & 0xff) << 2)));
}

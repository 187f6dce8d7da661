/** A message between processes as text that survives changes: what JSON does not have stands in it by name. */
export function printMessage(message: unknown): Uint8Array {
  return Buffer.from(
    JSON.stringify(message, (_, value: unknown) => {
      if (value instanceof Float64Array) {
        return { $float64: Array.from(value, String) };
      }
      return typeof value === "number" && !Number.isFinite(value) ? `$${value}` : value;
    }),
  );
}

/** Undefined when the text is none. */
export function reviveMessage(input: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder().decode(input), revive) as unknown };
  } catch {
    return undefined;
  }
}

const BY_NAME: Readonly<Record<string, unknown>> = {
  $NaN: Number.NaN,
  $Infinity: Infinity,
  "$-Infinity": -Infinity,
  $undefined: undefined,
};

function revive(_: string, value: unknown): unknown {
  if (typeof value === "string" && Object.hasOwn(BY_NAME, value)) {
    return BY_NAME[value];
  }
  return typeof value === "object" && value !== null && "$float64" in value && Array.isArray(value.$float64)
    ? Float64Array.from(value.$float64, Number)
    : value;
}

import type { ClipSite } from "./clipSite.ts";
import type { TextEdit } from "../document.ts";

/**
 * The edit that makes a site's threshold this number; it changes the literal that decides, wherever it stands. None when
 * it is this number already, or when the file holds no such literal.
 */
export function changeValue({ threshold }: ClipSite, value: number): readonly TextEdit[] {
  if (threshold === undefined || threshold.value === value) {
    return [];
  }
  return [{ start: threshold.start, end: threshold.end, text: floatLiteral(value) }];
}

/** A float that Python, JSON, YAML 1.1 and TOML all read as one: `1.0`, `0.25`, `1.0e-7`. */
export function floatLiteral(value: number): string {
  const written = String(value);
  const [mantissa = "", exponent] = written.split("e");
  const float = mantissa.includes(".") ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? float : `${float}e${exponent}`;
}

import type { Numbers } from "#core/numbers.ts";

const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 4;
const MAX_POINTS = 200;

/**
 * The last values of a series as an SVG on a logarithmic axis, as a data URI for a hover. A value with no
 * logarithm breaks the line: NaN and ±Inf are crosses at the top, zeros are circles at the bottom. Triangles at the top
 * point at values, given by index, that findings speak of.
 */
export function sparklineUri(values: Numbers, marked: readonly number[] = []): string {
  return `data:image/svg+xml;base64,${Buffer.from(sparklineSvg(values, marked)).toString("base64")}`;
}

export function sparklineSvg(values: Numbers, marked: readonly number[] = []): string {
  const shown = Float64Array.from(values.subarray(-MAX_POINTS));
  const logs = shown.map(Math.log);
  const finite = logs.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const x = (index: number): string =>
    (MARGIN + (index / Math.max(1, shown.length - 1)) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = (log: number): string =>
    (HEIGHT - MARGIN - ((log - low) / Math.max(1e-9, high - low)) * (HEIGHT - 2 * MARGIN)).toFixed(1);

  const path: string[] = [];
  const first = values.length - shown.length;
  const marks = marked
    .filter((index) => index >= first && index < values.length)
    .map((index) => `<path d="M${x(index - first)} 5l-3 -5h6z" fill="#e69f00"/>`);
  let isDrawing = false;
  logs.forEach((log, index) => {
    if (Number.isFinite(log)) {
      // A value between two breaks has no line; h0 with a round cap makes it a dot.
      path.push(isDrawing ? `L${x(index)} ${y(log)}` : `M${x(index)} ${y(log)}h0`);
    } else if (shown[index] === 0) {
      marks.push(`<circle cx="${x(index)}" cy="${HEIGHT - 3}" r="2" fill="none" stroke="#888"/>`);
    } else {
      marks.push(`<path d="M${x(index)} 1l4 4m0-4l-4 4" stroke="#d55e00"/>`);
    }
    isDrawing = Number.isFinite(log);
  });
  const line = `<path d="${path.join("")}" fill="none" stroke="#3a8fd6" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${line}${marks.join("")}</svg>`;
}

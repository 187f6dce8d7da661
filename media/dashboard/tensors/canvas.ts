import { element } from "../../shared/element.ts";

/** A canvas that is painted in CSS pixels, sharp on every screen. */
export interface Canvas {
  readonly element: HTMLCanvasElement;
  /** Clears it, at this size, and draws. */
  readonly paint: (size: { width: number; height: number }, draw: (context: CanvasRenderingContext2D) => void) => void;
}

export function createCanvas(options: {
  readonly class: string;
  readonly attributes?: Record<string, string>;
}): Canvas {
  const canvas = element("canvas", options);
  return {
    element: canvas,
    paint({ width, height }, draw) {
      const ratio = window.devicePixelRatio;
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide;
        canvas.height = high;
        canvas.style.setProperty("width", `${width}px`);
        canvas.style.setProperty("height", `${height}px`);
      }
      const context = canvas.getContext("2d");
      if (context !== null) {
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.clearRect(0, 0, width, height);
        context.imageSmoothingEnabled = false;
        draw(context);
      }
    },
  };
}

/** Text cut at its left end, where names of one model are alike. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) {
    return text;
  }
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (context.measureText(`…${text.slice(middle)}`).width <= width) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return `…${text.slice(low)}`;
}

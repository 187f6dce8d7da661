import type { Surface } from "./surface.ts";

export interface Place {
  readonly x: number;
  readonly y: number;
}

export type ShapePainter = (surface: Surface, place: Place, size: number) => void;

/** ▲ with its tip up: a spike. */
export function addTriangle({ context }: Surface, { x, y }: Place, size: number): void {
  context.moveTo(x, y - size);
  context.lineTo(x + size, y + size * 0.75);
  context.lineTo(x - size, y + size * 0.75);
  context.closePath();
}

/** ✕: NaN or ±Inf. */
export function addCross({ context }: Surface, { x, y }: Place, size: number): void {
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x - size, y + size);
  context.lineTo(x + size, y - size);
}

/** ○: zero. */
export function addCircle({ context }: Surface, { x, y }: Place, size: number): void {
  context.moveTo(x + size, y);
  context.arc(x, y, size, 0, 2 * Math.PI);
}

/** ▽: below zero, a placeholder. */
export function addDownTriangle({ context }: Surface, { x, y }: Place, size: number): void {
  context.moveTo(x, y + size);
  context.lineTo(x + size, y - size * 0.75);
  context.lineTo(x - size, y - size * 0.75);
  context.closePath();
}

import { toFile } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";

// Twice as fine as on screen: sharp in a document and on dense displays.
const SCALE = 2;

/** A vector picture as the bytes of a PNG, in base64. Rejects when it cannot be drawn. */
export async function toPng(picture: SvgNode): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toFile(picture))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png").replace(/^[^,]*,/, "");
}

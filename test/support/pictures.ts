import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/** Pictures that people have looked at and found right. `npm run pictures:review` makes them anew, to be looked at again. */
export const REVIEWED = join(import.meta.dirname, "../pages/pictures");
const MADE = join(import.meta.dirname, "../../.workbench/pictures");

/** Difference of two colours from which on people see it (of the YIQ colour space, as pixelmatch counts). */
const VISIBLE = 0.1;
/** So many pixels may differ: less than the shortest line of a chart has, more than a rounding of one glyph moves. */
export const MOST_DIFFERENT = 60;

/** What is on the page, compared with its reviewed picture; a sentence when they differ. */
export async function compareWithReviewed(page: Page, name: string): Promise<string | undefined> {
  const made = await page.screenshot({ animations: "disabled", caret: "hide" });
  const path = join(REVIEWED, `${name}.png`);
  if (process.env["GRADLENS_REVIEW"] === "1") {
    mkdirSync(REVIEWED, { recursive: true });
    writeFileSync(path, made);
    return undefined;
  }
  if (!existsSync(path)) {
    return `${name}: there is no reviewed picture; npm run pictures:review makes one.`;
  }
  const { count, picture } = differingPixels(PNG.sync.read(readFileSync(path)), PNG.sync.read(made));
  if (count <= MOST_DIFFERENT) {
    return undefined;
  }
  mkdirSync(MADE, { recursive: true });
  writeFileSync(join(MADE, `${name}.png`), made);
  writeFileSync(join(MADE, `${name}.diff.png`), picture);
  return `${name}: ${count} pixels differ from the reviewed picture; see ${name}.png and ${name}.diff.png in .workbench/pictures.`;
}

/** How many pixels people would see as different, and where; all of them where the sizes differ. */
export function differingPixels(reviewed: PNG, made: PNG): { readonly count: number; readonly picture: Buffer } {
  const { width, height } = reviewed;
  if (made.width !== width || made.height !== height) {
    return { count: width * height, picture: PNG.sync.write(made) };
  }
  const difference = new PNG({ width, height });
  const count = pixelmatch(reviewed.data, made.data, difference.data, width, height, { threshold: VISIBLE });
  return { count, picture: PNG.sync.write(difference) };
}

import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Tokens } from "marked";
import { expect, test } from "vitest";
import { anchorsOf, PAGES, ROOT, tokensOf } from "./pages.ts";

const ALL_PICTURES_BYTES = 1_000_000;

test.each(PAGES)("every link of %s leads somewhere", (page) => {
  expect(linksOf(page).flatMap((href) => faultOf(page, href))).toEqual([]);
});

test("a link to what is not there is found", () => {
  expect(
    ["docs/nowhere.md", "docs/rules.md#gn999", "http://example.org", "../outside.md"].flatMap((href) =>
      faultOf("README.md", href),
    ),
  ).toHaveLength(4);
});

test("the index of the documents has all of them", () => {
  const linked = linksOf("docs/README.md").map((href) => join("docs", href.replace(/#.*/, "")));
  const own = PAGES.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  expect(own.filter((page) => !linked.includes(page))).toEqual([]);
});

test("every picture is shown somewhere, says what it shows, and all together are below 1 MB", () => {
  const shown = PAGES.flatMap((page) => imagesOf(page).map(({ href, text }) => [join(dirname(page), href), text]));
  const stored = readdirSync(join(ROOT, "docs/images")).map((name) => `docs/images/${name}`);
  const bytes = stored.reduce((sum, path) => sum + statSync(join(ROOT, path)).size, 0);
  expect(stored.filter((path) => !shown.some(([own]) => own === path))).toEqual([]);
  expect(shown.filter(([, text = ""]) => text.length < 20)).toEqual([]);
  expect(bytes).toBeLessThan(ALL_PICTURES_BYTES);
});

function linksOf(page: string): string[] {
  return tokensOf(page).flatMap((token) =>
    token.type === "link" || token.type === "image" ? [(token as Tokens.Link).href] : [],
  );
}

function imagesOf(page: string): Tokens.Image[] {
  return tokensOf(page).filter((token): token is Tokens.Image => token.type === "image");
}

/** What is wrong with a link. Of the web only the form is looked at: tests have no network. */
function faultOf(page: string, href: string): string[] {
  if (/^[a-z]+:/.test(href)) {
    const isWellFormed = URL.canParse(href) && /^(https:\/\/[^/\s]+\.[a-z]+(\/|$)|command:gradlens\.)/.test(href);
    return isWellFormed ? [] : [`${href} is no address of the web`];
  }
  const [path = "", anchor] = href.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (target.startsWith("..") || !existsSync(join(ROOT, target))) {
    return [`${href}: there is no ${target}`];
  }
  return anchor === undefined || anchorsOf(target).has(anchor) ? [] : [`${href}: ${target} has no such heading`];
}

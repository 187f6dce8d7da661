import type { Page } from "playwright-core";

/** What people are told by a page: texts in sight, and names and tips of elements. Code and names of fonts are none. */
export async function readTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const said = new Set();
    const isSeen = (element) => element.checkVisibility({ checkVisibilityCSS: true });
    const nodes = document.createTreeWalker(document.getElementById("root"), NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
      if (node instanceof Text) {
        if (node.parentElement.closest("code") === null && isSeen(node.parentElement)) { said.add(node.data.trim()); }
      } else if (isSeen(node)) {
        for (const name of ["aria-label", "title", "placeholder", "aria-valuetext", "alt"]) { said.add(node.getAttribute(name) ?? ""); }
      }
    }
    return [...said].filter((text) => text !== "");
  })()`);
}

/** Labels that have no room for their text, which nobody can read to the end. Names in tables end in … on purpose. */
export async function readCut(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll("button, h1, h2, label, summary, dt, th, [role=tab], legend")]
    .filter((element) => element.checkVisibility() && element.closest(".visually-hidden") === null && getComputedStyle(element).overflowX !== "visible")
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.textContent)`);
}

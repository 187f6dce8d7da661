import type { Locator, Page } from "playwright-core";

/** After so long an entry that has not come stands only in a list that is opened anew. */
const LIST_LIMIT_MS = 5_000;
const ANSWER_LIMIT_MS = 90_000;

export interface Choice {
  /** What is typed. */
  readonly text: string;
  /** The whole label of the entry, or a pattern in it. */
  readonly label: string | RegExp;
  /** What stands beside it, where several have the label. */
  readonly beside?: string;
}

export interface Pick extends Choice {
  /** The entry opens another list. */
  readonly opens?: boolean;
}

/**
 * Opens every list, of files and lines too. A chord pressed in a webview reaches the window late, as messages: the window may take
 * Control for still held when the entry is chosen, and then opens it to the side.
 */
const OPEN_KEY = "F1";

/** Chooses one entry of the list of what is typed (`>command`, `:line`, a file), once it stands in the list. */
export async function pick(page: Page, { opens = false, ...choice }: Pick): Promise<void> {
  await inFreshList(page, choice.label, async () => {
    await page.keyboard.press(OPEN_KEY);
    await choose(page, choice);
  });
  if (opens) {
    // Else what is typed next may still go into this list.
    const typed = JSON.stringify(choice.text);
    await page.waitForFunction(`document.querySelector(".quick-input-widget input.input").value !== ${typed}`);
  } else {
    await page.locator(".quick-input-widget:visible").waitFor({ state: "hidden" });
  }
}

/** Opens a list and types, until Enter would take the entry. A key that comes while a page of a webview loads may be lost. */
export async function aim(page: Page, { text, label }: Choice): Promise<void> {
  await inFreshList(page, label, async () => {
    await page.keyboard.press(OPEN_KEY);
    await page.locator(".quick-input-widget:visible input.input").fill(text, { timeout: LIST_LIMIT_MS });
    const aimedAt = page.locator(".quick-input-list .monaco-list-row.focused", { hasText: label });
    await aimedAt.waitFor({ timeout: LIST_LIMIT_MS });
  });
}

/** A list is made when it opens: an entry of an extension that was still loading then only stands in the next one. */
export async function inFreshList(page: Page, label: string | RegExp, attempt: () => Promise<void>): Promise<void> {
  for (const endMs = performance.now() + ANSWER_LIMIT_MS; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > endMs) {
        throw new Error(`"${String(label)}" did not come into the list.`, { cause: error });
      }
      await page.keyboard.press("Escape");
      await page.locator(".quick-input-widget:visible").waitFor({ state: "hidden" });
    }
  }
}

export async function choose(page: Page, { text, label, beside = "" }: Choice): Promise<void> {
  await page.locator(".quick-input-widget:visible input.input").fill(text, { timeout: LIST_LIMIT_MS });
  const entries = page.locator(".quick-input-list .monaco-list-row", { hasText: beside });
  await clickAtOnce(entries.filter({ has: page.getByText(label, { exact: true }) }).first(), LIST_LIMIT_MS);
}

/** Types into the open list and takes the entry that is left. */
export async function answerList(page: Page, text: string): Promise<void> {
  await page.locator(".quick-input-widget:visible input.input").fill(text);
  await clickAtOnce(page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first());
}

/**
 * Presses and releases in one turn of the page. Between the two a list or tree that comes up to date gives the element under the
 * mouse to another row, and then none is clicked.
 */
export async function clickAtOnce(row: Locator, limitMs?: number): Promise<void> {
  const limit = limitMs === undefined ? {} : { timeout: limitMs };
  await row.waitFor(limit);
  await row.dispatchEvent("click", { detail: 1 }, limit);
}

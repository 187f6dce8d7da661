import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import GithubSlugger from "github-slugger";
import { marked, type Token, type Tokens } from "marked";

export const ROOT = join(import.meta.dirname, "../..");

/** Every page that people read, by its path in the project. */
export const PAGES: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...pagesBelow("docs"),
  ...pagesBelow("examples"),
  ...pagesBelow("skills"),
];

/** A code block, with the line it begins at; its language is empty where none is told. */
export interface CodeBlock {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

const parsed = new Map<string, readonly Token[]>();

/** The parts of a page in their order, nested ones too. */
export function tokensOf(page: string): readonly Token[] {
  const known = parsed.get(page);
  if (known !== undefined) {
    return known;
  }
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(readPage(page)), (token) => {
    tokens.push(token); // At once, so there is nothing to wait for.
  });
  parsed.set(page, tokens);
  return tokens;
}

export function codeBlocksOf(page: string): CodeBlock[] {
  const text = readPage(page);
  let from = 0;
  return tokensOf(page).flatMap((token) => {
    if (token.type !== "code") {
      return [];
    }
    const { raw, lang, text: code } = token as Tokens.Code;
    from = text.indexOf(raw, from);
    const line = text.slice(0, from).split("\n").length;
    return [{ page, line, language: (lang ?? "").split(" ")[0] ?? "", text: code }];
  });
}

/** All code blocks of one language. */
export function codeBlocks(language: string): CodeBlock[] {
  return PAGES.flatMap((page) => codeBlocksOf(page)).filter((block) => block.language === language);
}

/** The code spans of a page: what stands between single backticks. */
export function codeSpansOf(page: string): string[] {
  return tokensOf(page).flatMap((token) => (token.type === "codespan" ? [(token as Tokens.Codespan).text] : []));
}

/** The anchors that code hosts give a page's headings. */
export function anchorsOf(page: string): Set<string> {
  const slugger = new GithubSlugger();
  const headings = tokensOf(page).filter((token): token is Tokens.Heading => token.type === "heading");
  return new Set(headings.map(({ tokens }) => slugger.slug(tokens.map(plainText).join(""))));
}

function plainText(token: Token): string {
  const inner = "tokens" in token ? token.tokens : undefined;
  return inner === undefined ? ("text" in token ? String(token.text) : "") : inner.map(plainText).join("");
}

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join(folder, path))
    .toSorted();
}

/** A rule for people: what stands on its page beside the facts in `rules.ts`. Sentences, as Markdown. */
export interface RuleGuide {
  /** When it speaks, exactly. */
  readonly test: string;
  /** Why that matters. */
  readonly why: string;
  /** What to do, the likeliest first. */
  readonly tries: readonly string[];
  /** When it means nothing. */
  readonly harmless: string;
}

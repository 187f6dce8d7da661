import packageJson from "../../package.json" with { type: "json" };

/** What the program says of itself. */
export const VERSION = packageJson.version;

const facts = new Map<string, unknown>(Object.entries(packageJson));

/** The page of the project; undefined while it has none. */
export const HOMEPAGE = asText(facts.get("homepage"));

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

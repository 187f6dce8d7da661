/** Writes .oxlintrc.json from the layer table. `--check` only compares, and fails when the file is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { mayImport, ownedBy } from "./layers.mjs";

const OUTPUT = new URL("../.oxlintrc.json", import.meta.url);
const rooms = Object.keys(mayImport);

const rules = {
  "typescript/no-floating-promises": ["error", { checkThenables: true }],
  "typescript/no-misused-promises": "error",
  "typescript/switch-exhaustiveness-check": "error",
  "typescript/strict-boolean-expressions": ["error", { allowNumber: false, allowString: false }],
  "typescript/prefer-nullish-coalescing": "error",
  "typescript/no-explicit-any": "error",
  "typescript/no-non-null-assertion": "error",
  "typescript/no-unsafe-argument": "error",
  "typescript/no-unsafe-assignment": "error",
  "typescript/no-unsafe-call": "error",
  "typescript/no-unsafe-member-access": "error",
  "typescript/no-unsafe-return": "error",
  "typescript/no-unsafe-type-assertion": "error",
  "typescript/unbound-method": "error",
  "typescript/consistent-type-imports": "error",
  "typescript/explicit-module-boundary-types": "error",
  "typescript/consistent-return": "off", // It fights exhaustive switches.
  "import/no-cycle": ["error", { ignoreTypes: false }],
  "import/no-default-export": "error",
  "eslint/no-console": "error",
  "eslint/curly": ["error", "all"],
  "unicorn/filename-case": ["error", { case: "camelCase" }],
  "unicorn/require-post-message-target-origin": "off", // False on VS Code's webview API.
  "eslint/max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
  "eslint/max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
  "eslint/max-params": ["error", { max: 4 }],
  "eslint/max-depth": ["error", { max: 3 }],
  "eslint/complexity": ["error", { max: 12 }],
};

/** Scripts are plain JavaScript, so rules that need types have nothing to go by. */
const untyped = Object.fromEntries(
  [
    ...["argument", "assignment", "call", "member-access", "return"].map((what) => `no-unsafe-${what}`),
    "strict-boolean-expressions",
    "prefer-nullish-coalescing",
    "explicit-module-boundary-types",
  ].map((rule) => [`typescript/${rule}`, "off"]),
);

function overrideFor(room) {
  const closedRooms = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const closedPackages = Object.keys(ownedBy).filter((name) => !ownedBy[name].includes(room));
  const message = `${room} may import: ${mayImport[room].join(", ") || "nothing"} (.ci/layers.mjs)`;
  const patterns = [
    { regex: `^#(${closedRooms.join("|")})/`, message },
    { regex: `^(\\.\\./)+(src|media|${rooms.join("|")})/`, message: "cross a room with a # import" },
    ...closedPackages.map((regex) => ({ regex, message })),
  ];
  return {
    files: [room === "media" ? "media/**" : `src/${room}/**`],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

const config = {
  $schema: "./node_modules/oxlint/configuration_schema.json",
  plugins: ["typescript", "unicorn", "import", "oxc"],
  // AssemblyScript: TypeScript to the eye, but its types and operators are WebAssembly's. tsc and its compiler check it.
  ignorePatterns: ["src/**/assembly/**"],
  categories: { correctness: "error", suspicious: "error" },
  rules,
  overrides: [
    ...rooms.map(overrideFor),
    { files: ["src/cli/**", "bench/**"], rules: { "eslint/no-console": "off" } },
    { files: ["src/core/**", "test/**", "bench/**"], rules: { "typescript/no-unsafe-type-assertion": "off" } }, // Brands are made here.
    { files: ["test/**"], rules: { "eslint/max-lines-per-function": "off" } },
    { files: ["**/*.mjs", "*.ts"], rules: { "import/no-default-export": "off", "eslint/no-console": "off" } },
    { files: ["**/*.mjs"], rules: untyped },
  ],
};

const text = `${JSON.stringify(config, null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (readFileSync(OUTPUT, "utf8") !== text) {
    console.error(".oxlintrc.json is stale: run `npm run generate`.");
    process.exit(1);
  }
} else {
  writeFileSync(OUTPUT, text);
}

/** Fails where a text reaches people without `t`, so that no language but English could have it. */
import process from "node:process";
import { Visitor } from "oxc-parser";
import { lineOf, readSources, textsIn } from "./texts.mjs";

/** What people see: properties of elements, items and messages, arguments of calls, and what is assigned. */
const SHOWN_PROPERTIES =
  /^(text|label|title|description|detail|placeHolder|placeholder|prompt|tooltip|openLabel|alt|aria-(label|description|valuetext|roledescription)|what|reason|why)$/;
const SHOWN_ARGUMENTS =
  /^(setText|button|append|appendMarkdown|appendText|set(StatusBarMessage|Label)|malformed|unsupported|damaged|notSupported|createDamage|fail\w+|lose)$|^show\w*Message$/;
const SHOWN_ASSIGNMENTS = /^(textContent|title|tooltip|placeholder|text|description|detail|ariaLabel)$/;

/** Names, signs and formulas: the same in every language. */
const NAMES = new Set([
  "Gradlens",
  "RMS",
  "NaN",
  "Inf",
  "NaN/Inf",
  "NaN, Inf, −Inf",
  "p99",
  "SVG",
  "PNG",
  "CSV",
  "JSON",
  "HTML",
  "Σ min(N, τ) / Σ N",
  "√v̂ < eps",
  "v = 0",
  "Hugging Face Trainer",
  "Lightning",
  "Keras 3",
  "JAX and Optax",
]);

/** Read by programs although they look like sentences: Slurm's answer, a heading of the rules' page, a policy. */
const CODE = new Set([
  "Invalid job id",
  "rules of sources",
  "img-src {} data:",
  "squares by row",
  // What libraries say.
  "unexpected end of file",
  "End of central directory record signature not found",
]);
const SQL = /^(SELECT|FROM|GROUP BY|ORDER BY)\b/;

/** Rooms whose texts are for people, and the files in them whose texts are for programs, models and maintainers. */
const ROOMS = /^(media|src\/(host|analysis|following|client|l10n|store|worker|readers|files|codings|reduction))\//;
/** They load before they are told the language, so each text is made when it is needed. */
const TOLD_LATER = /^src\/(worker|readers|files|codings|reduction)\//;
const ENGLISH =
  /^src\/(client\/workerProcess|store\/(runLogs|runStore)|host\/(report\/(reportText|report|privacy)|cluster\/batchScript|agents\/mcpServer))\.ts$/;

const sources = readSources().filter(({ path }) => ROOMS.test(path) && !ENGLISH.test(path));
const problems = sources.flatMap((source) => untranslated(source).map((found) => describe(source, found)));
const early = sources
  .filter(({ path }) => TOLD_LATER.test(path))
  .flatMap((source) =>
    textsIn(source)
      .filter(({ isEarly }) => isEarly)
      .map((found) => describe(source, found)),
  );
if (problems.length > 0) {
  console.error(`These texts reach people without t():\n${problems.join("\n")}`);
}
if (early.length > 0) {
  console.error(`These texts are made before the language is known; make them in a function:\n${early.join("\n")}`);
}
if (problems.length + early.length > 0) {
  process.exit(1);
}

function describe({ path }, { line, words, text }) {
  return `${path}:${line}: ${words ?? text}`;
}

function untranslated({ path, text, program }) {
  const found = new Map();
  const take = (node, isShown) => {
    for (const literal of literalsIn(node)) {
      const words = wordsOf(literal);
      if (!NAMES.has(words) && !isCode(words) && (isShown ? hasWords(words) : isSentence(words))) {
        found.set(literal.start, { line: lineOf(text, literal.start), words });
      }
    }
  };
  const visitor = new Visitor({
    Property({ key, value }) {
      const name = key.name ?? key.value;
      if (name !== "class") {
        take(value, SHOWN_PROPERTIES.test(name));
      }
    },
    CallExpression({ callee, arguments: given }) {
      const name = callee.property?.name ?? callee.name;
      if (name !== "t" && !isLog(callee)) {
        given.forEach((one) => take(one, SHOWN_ARGUMENTS.test(name) && !(name === "append" && !isElement(callee))));
      }
    },
    NewExpression({ callee, arguments: given }) {
      // Elsewhere they tell of what cannot be.
      if (TOLD_LATER.test(path)) {
        given.forEach((one) => take(one, callee.name?.endsWith("Error") ?? false));
      }
    },
    AssignmentExpression({ left, right }) {
      take(right, SHOWN_ASSIGNMENTS.test(left.property?.name));
    },
    VariableDeclarator: ({ init }) => take(init, false),
    ReturnStatement: ({ argument }) => take(argument, false),
    ArrowFunctionExpression: ({ body }) => take(body, false),
    ArrayExpression: ({ elements }) => elements.forEach((one) => take(one, false)),
  });
  visitor.visit(program);
  return Array.from(found.values());
}

function isCode(words) {
  return CODE.has(words) || SQL.test(words);
}

/** The literals that an expression may be: through conditions, `??`, sums and the parts of a template. */
function literalsIn(node) {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node] : [];
    case "TemplateLiteral":
      return [node, ...node.expressions.flatMap(literalsIn)];
    case "ConditionalExpression":
      return [node.consequent, node.alternate].flatMap(literalsIn);
    case "LogicalExpression":
    case "BinaryExpression":
      return /^(\+|\?\?|\|\||&&)$/.test(node.operator) ? [node.left, node.right].flatMap(literalsIn) : [];
    default:
      return [];
  }
}

function wordsOf(literal) {
  return literal.type === "Literal" ? literal.value : literal.quasis.map(({ value }) => value.cooked).join("{}");
}

function hasWords(words) {
  const plain = words.replaceAll(/\$\([\w~-]+\)|\{\}|<[^>]*>|https?:\S+/g, " ").trim();
  return /\p{L}{2}/u.test(plain.replaceAll(/\b(NaN|Inf|RMS|max)\b/g, ""));
}

/** Three words or more that are no code: what a table of texts looks like. */
function isSentence(words) {
  return /^[\p{L}{‖`(]/u.test(words) && /\p{L}{2,} [\p{L}{}]+ [\p{L}{]+/u.test(words) && !/[<>;=]|^\w+\(/.test(words);
}

/** The log of the extension is for its maintainers. */
function isLog({ object, property }) {
  return object?.name === "log" && /^(trace|debug|info|warn|error)$/.test(property?.name ?? "");
}

function isElement({ object }) {
  return object?.type === "Identifier" && !/^(store|run|series|curve)$/.test(object.name);
}

/** Fails where a text reaches people without `t`, so that no language but English could have it. */
import process from "node:process";
import { Visitor } from "oxc-parser";
import { lineOf, readSources } from "./texts.mjs";

/** What people see: properties of elements, items and messages, arguments of calls, and what is assigned. */
const SHOWN_PROPERTIES =
  /^(text|label|title|description|detail|placeHolder|placeholder|prompt|tooltip|openLabel|alt|aria-(label|description|valuetext|roledescription))$/;
const SHOWN_ARGUMENTS =
  /^(setText|button|append|appendMarkdown|appendText|set(StatusBarMessage|Label))$|^show\w*Message$/;
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
const CODE = new Set(["Invalid job id", "rules of sources", "img-src {} data:"]);

/** Rooms whose texts are for people, and the files in them whose texts are for programs, models and maintainers. */
const ROOMS = /^(media|src\/(host|analysis|following|l10n))\//;
const ENGLISH = /^src\/host\/(reportText|report|privacy|workerProcess|cluster\/batchScript|agents\/mcpServer)\.ts$/;

const problems = readSources()
  .filter(({ path }) => ROOMS.test(path) && !ENGLISH.test(path))
  .flatMap((source) => untranslated(source).map(({ line, words }) => `${source.path}:${line}: ${words}`));
if (problems.length > 0) {
  console.error(`These texts reach people without t():\n${problems.join("\n")}`);
  process.exit(1);
}

function untranslated({ text, program }) {
  const found = new Map();
  const take = (node, isShown) => {
    for (const literal of literalsIn(node)) {
      const words = wordsOf(literal);
      if (!NAMES.has(words) && !CODE.has(words) && (isShown ? hasWords(words) : isSentence(words))) {
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

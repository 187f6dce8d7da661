import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import { SEVERITIES } from "#core/rules.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { CommandHelp, OptionHelp } from "./help.ts";

const LOG_PATH = "PATH is a log file or a run folder.";
const THREADS: OptionHelp = {
  name: "threads",
  value: "N",
  text: "threads for computing (default: half of the cores, four at most)",
};
const OUTPUT: OptionHelp = {
  name: "output",
  short: "o",
  value: "FILE",
  text: "writes the result to a file, not to stdout",
};
const CONFIG: OptionHelp = {
  name: "config",
  value: "FILE",
  text: "instead of the gradlens.config.json that is nearest above PATH",
};

const PATTERN: OptionHelp = {
  name: "pattern",
  value: "REGEX",
  text: "how lines of an own kind look, with groups (?<step>…) and (?<value>…); may be given several times",
};

export const CHECK_HELP: CommandHelp = {
  name: "check",
  group: "Judge a training",
  usage: "PATH… [options]",
  summary: "a gate for CI: prints what is wrong, and nothing when all is well",
  about:
    "PATH is a log, a run folder or a checkpoint. Logs are judged by the rules of docs/rules.md; of a checkpoint, elements that are NaN or infinite, gradients that are all zero or change too much with depth, and Adam's state. It exits with 1 when a finding is as bad as --fail-on or worse, and with 2 when a PATH cannot be judged.",
  options: [
    {
      name: "fail-on",
      value: "SEVERITY",
      choices: SEVERITIES,
      text: "the mildest finding that fails the check: error, warning or info (default error)",
    },
    { name: "format", value: "FORMAT", choices: ["text", "json", "sarif"], text: "text, json or sarif (default text)" },
    { name: "max-norm", value: "X", text: "a global gradient norm above X is an error (GN601)" },
    {
      name: "max-nan",
      value: "N",
      text: "N logged norms, or N elements of a checkpoint, may be NaN or infinite; more are an error (GN602)",
    },
    {
      name: "rule",
      value: "RULE",
      text: "only this rule, also one that is off by default; may be given several times",
    },
    {
      name: "ignore",
      value: "RULE[:TENSOR]",
      text: "leaves out a rule, or what it says of tensors whose name matches the glob TENSOR; may be given several times",
    },
    {
      name: "checkpoints",
      value: "WHICH",
      choices: ["latest", "all", "none"],
      text: "which checkpoints of a run folder are read: latest, all or none (default latest)",
    },
    CONFIG,
    THREADS,
  ],
  examples: [
    "gradlens check runs/my-run",
    "gradlens check runs --fail-on warning --ignore GN204",
    "gradlens check checkpoint-300 --max-norm 10 --max-nan 0",
    "gradlens check runs --format sarif > gradlens.sarif",
  ],
};

export const WATCH_HELP: CommandHelp = {
  name: "watch",
  group: "Judge a training",
  usage: "PATH [options]",
  summary: "the training as it goes on: last norm, curve and findings, in a terminal",
  about: `${LOG_PATH} The view is redrawn in place until Ctrl+C; where the output is no terminal, each change is a line.`,
  options: [{ name: "interval", value: "SECONDS", text: "time between two looks at the files (default 2)" }, CONFIG],
  examples: ["gradlens watch runs/my-run", "gradlens watch train.log --interval 10 | tee gradlens.txt"],
};

export const LOG_HELP: CommandHelp = {
  name: "log",
  group: "Judge a training",
  usage: "PATH… [options]",
  summary: "gradient norms found in training logs, with the findings on them",
  about: LOG_PATH,
  options: [
    { name: "json", text: "as one JSON document" },
    { name: "values", text: "with all steps and values" },
    PATTERN,
    CONFIG,
  ],
  examples: [
    "gradlens log runs/my-run --json",
    String.raw`gradlens log train.txt --pattern 'it=(?<step>\d+) g=(?<value>\S+)'`,
  ],
};

export const CLIP_HELP: CommandHelp = {
  name: "clip",
  group: "Choose a threshold",
  usage: "PATH [options]",
  summary: "which clip threshold the recorded norms suggest, and why",
  about: `${LOG_PATH} With --by-value it is a checkpoint's file or folder that holds gradients, and the answer is what limiting every element would have done to them.`,
  options: [
    { name: "max-norm", value: "X", text: "also measure this threshold; may be given several times" },
    {
      name: "norm",
      value: "NAME",
      text: "advice on this global norm of a log that has several, as of a GAN; the main one otherwise",
    },
    {
      name: "per-tensor",
      text: "with a limit for every tensor, where the log has their norms; with --by-value what it does to each tensor",
    },
    { name: "last", value: "N", text: "only the last N norms count (default 2000)" },
    { name: "warm-up", text: "the norms of the warm-up count too" },
    PATTERN,
    CONFIG,
    {
      name: "by-value",
      value: "C[,C…]",
      text: "elements cut, norm and direction of a checkpoint's gradient after limiting every element to ±C",
    },
    {
      name: "kind",
      value: "KIND",
      choices: ["gradient"],
      text: "with --by-value: gradient, where no name tells what the tensors are",
    },
    { ...THREADS, text: `with --by-value: ${THREADS.text}` },
    { name: "json", text: "as one JSON document" },
  ],
  examples: [
    "gradlens clip runs/my-run --max-norm 0.5 --max-norm 2",
    "gradlens clip runs/my-gan --norm grad_norm_g",
    "gradlens clip checkpoint-300/grads.safetensors --by-value 0.01,0.1",
  ],
};

export const NORMS_HELP: CommandHelp = {
  name: "norms",
  group: "Look into checkpoints",
  usage: "PATH… [options]",
  summary: "norms of every tensor of a checkpoint, and of each kind together",
  about: "PATH is a file of any format, a checkpoint folder, or a sharded index (*.index.json).",
  options: [
    { name: "json", text: "one JSON document per PATH, as an array" },
    { name: "full", text: "with L1 norm, mean, zeros and a histogram of magnitudes of every tensor" },
    { name: "only", value: "REGEX", text: "only tensors whose name matches, or the name of their parameter" },
    {
      name: "kind",
      value: "KIND",
      choices: TENSOR_KINDS,
      text: "what the tensors are that no name tells: gradient, weight, moment1, moment2, momentum or other",
    },
    { name: "spectral", value: "NAME", text: "also the spectral norm and the stable rank of the tensor of this name" },
    { name: "engine", value: "ENGINE", choices: ENGINE_CHOICES, text: "auto, simd or onnxruntime (default auto)" },
    {
      name: "device",
      value: "DEVICE",
      choices: DEVICE_CHOICES,
      text: "auto, cpu, webgpu, cuda, dml or coreml (default auto); what is missing falls back to the CPU",
    },
    THREADS,
    OUTPUT,
    { name: "shard", value: "i/n", text: "only the i-th of n shares of the work, into -o FILE, for gradlens merge" },
    {
      name: "distributed",
      text: "this is one of several tasks of srun, mpirun or torchrun; the first one merges. Needs -o or --share-folder on a file system that all tasks see",
    },
    {
      name: "share-folder",
      value: "DIR",
      text: "where the tasks put their shares (default: FILE.shares beside -o FILE)",
    },
    {
      name: "job",
      value: "NAME",
      text: "the name of the run, when the launcher tells none, or to complete an earlier one",
    },
    { name: "timeout", value: "SECONDS", text: "how long the first task waits for the others (default 1800)" },
    {
      name: "no-merge",
      text: "the tasks only write their shares, and none waits: gradlens merge puts them together later",
    },
  ],
  examples: [
    "gradlens norms checkpoint-300/grads.safetensors --json",
    "gradlens norms dump.pt --kind gradient",
    "srun -n 8 gradlens norms checkpoint-300 --distributed --json -o norms.json",
  ],
};

export const MERGE_HELP: CommandHelp = {
  name: "merge",
  group: "Look into checkpoints",
  usage: "PART… [options]",
  summary: "the shares of --shard put together: what one run gives, to the bit",
  about: "PART is a file that gradlens norms --shard wrote.",
  options: [{ name: "json", text: "as gradlens norms --json" }, OUTPUT],
  examples: [
    "gradlens norms checkpoint-300 --shard 1/2 -o share-1.json",
    "gradlens norms checkpoint-300 --shard 2/2 -o share-2.json",
    "gradlens merge share-*.json --json",
  ],
};

export const DIFF_HELP: CommandHelp = {
  name: "diff",
  group: "Look into checkpoints",
  usage: "A B [options]",
  summary: "what changed from one checkpoint to a later one, tensor by tensor",
  about:
    "A and B are what norms takes as PATH. With an optimizer's state also what Adam's moments tell of the gradients.",
  options: [
    { name: "json", text: "as one JSON document" },
    {
      name: "steps",
      value: "K",
      text: "optimizer steps from A to B (default: by the optimizer's state, or by the names)",
    },
    {
      name: "fail-on",
      value: "SEVERITY",
      choices: SEVERITIES,
      text: "exit with 1 for findings of this severity and above: info, warning or error",
    },
    THREADS,
  ],
  examples: ["gradlens diff checkpoint-200 checkpoint-400"],
};

export const MCP_HELP: CommandHelp = {
  name: "mcp",
  group: "Set up",
  usage: "PATH…",
  summary: "answers agents over the Model Context Protocol on stdio, read-only",
  about:
    "PATH is a folder or file that may be read; nothing outside of them is. docs/agents.md says how clients start it.",
  options: [],
  examples: ["gradlens mcp ~/runs"],
};

export const COMPLETION_HELP: CommandHelp = {
  name: "completion",
  group: "Set up",
  usage: "SHELL",
  summary: "a script that completes commands and options in bash, zsh or fish",
  about: "SHELL is bash, zsh or fish.",
  options: [],
  examples: [
    'eval "$(gradlens completion bash)"                                       # in ~/.bashrc',
    'gradlens completion zsh > "${fpath[1]}/_gradlens"',
    "gradlens completion fish > ~/.config/fish/completions/gradlens.fish",
  ],
};

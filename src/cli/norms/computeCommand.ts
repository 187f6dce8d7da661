import { shellWord } from "#core/shellWord.ts";
import type { NormsPart, Share } from "#protocol/normsPart.ts";

/** The command that computes another share of the same whole. */
export function computeCommand({ source, fingerprint }: NormsPart, share: Share, output: string): string {
  const { options, engine } = fingerprint;
  const words = [
    "gradlens",
    "norms",
    source,
    ...(options.full ? ["--full"] : []),
    ...(options.only === null ? [] : ["--only", options.only]),
    ...(options.kind === null ? [] : ["--kind", options.kind]),
    ...(engine.name === "onnxruntime" ? ["--engine", engine.name] : []),
    ...(engine.device === "cpu" ? [] : ["--device", engine.device]),
    "--shard",
    `${share.index}/${share.count}`,
    "-o",
    output,
  ];
  return words.map(shellWord).join(" ");
}

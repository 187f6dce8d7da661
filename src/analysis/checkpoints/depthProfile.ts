import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import { compareNumbers } from "#core/names/order.ts";
import { addressOf, type TensorAddress } from "#core/names/tensorAddress.ts";
import { t } from "@vscode/l10n";
import { trendOf } from "./theilSen.ts";

/** A gradient's norm, from a log or from Adam's second moment. */
export interface TensorGradient {
  readonly name: string;
  readonly norm: number;
  readonly elements: number;
}

/** How the gradient of tensors that do the same changes from block to block. */
export interface DepthProfile {
  /** Their name with `*` for the block. */
  readonly pattern: string;
  /** In the order of the blocks; the last one of the model, which is larger by nature, is left out. */
  readonly blocks: readonly BlockGradient[];
  /** Powers of ten from the first to the last block, along the Theil–Sen slope. */
  readonly decades: number;
  readonly tau: number;
  /** Growth exponent of one block: the gradient changes by e^λ. */
  readonly lambda: number;
}

export interface BlockGradient {
  readonly group: string;
  /** Root mean square of the block's elements; of experts all together. */
  readonly rms: number;
}

/** A trend needs so many blocks. */
const FEWEST_BLOCKS = 6;

/**
 * The profiles of all tensors that enough blocks have. Blocks whose gradient is zero or not finite have no logarithm and are
 * left out.
 */
export function depthProfiles(gradients: readonly TensorGradient[]): readonly DepthProfile[] {
  const patterns = new Map<string, PlacedGradient[]>();
  for (const gradient of gradients) {
    const address = addressOf(gradient.name);
    if (address.block.length > 0 && !KEY_BIAS.test(address.plain)) {
      const own = patterns.get(address.pattern) ?? [];
      patterns.set(address.pattern, own);
      own.push({ ...gradient, address });
    }
  }
  return [...patterns].flatMap(([pattern, placed]) => profileOf(pattern, blocksOf(placed).slice(0, -1)) ?? []);
}

interface PlacedGradient extends TensorGradient {
  readonly address: TensorAddress;
}

/** Its gradient is zero by construction: softmax does not see it. */
const KEY_BIAS = /(?:^|\.)(?:k_proj|key|k)\.bias$/;

function blocksOf(placed: readonly PlacedGradient[]): BlockGradient[] {
  const groups = new Map<string, { squares: number; elements: number }>();
  for (const { address, norm, elements } of placed.toSorted((a, b) =>
    compareNumbers(a.address.block, b.address.block),
  )) {
    const own = groups.get(address.group) ?? { squares: 0, elements: 0 };
    groups.set(address.group, own);
    own.squares += norm * norm;
    own.elements += elements;
  }
  return Array.from(groups, ([group, { squares, elements }]) => ({ group, rms: Math.sqrt(squares / elements) }));
}

function profileOf(pattern: string, all: readonly BlockGradient[]): DepthProfile | undefined {
  const blocks = all.filter(({ rms }) => rms > 0 && rms < Infinity);
  const trend = trendOf(blocks.map(({ rms }) => Math.log10(rms)));
  if (trend === undefined || blocks.length < FEWEST_BLOCKS) {
    return undefined;
  }
  const { slope, tau } = trend;
  return { pattern, blocks, decades: slope * (blocks.length - 1), tau, lambda: Math.LN10 * slope };
}

/** Thresholds of our own: pre-norm transformers decline by less. */
const DECADES = { warning: 2, error: 4 } as const;
const CLEAR_TAU = 0.6;

/** GN303: the most extreme profile of a model speaks for all, for they mostly fall together. */
export function depthFindings(profiles: readonly DepthProfile[]): readonly CheckpointFinding[] {
  const [worst] = profiles
    .filter(({ decades, tau }) => Math.abs(tau) >= CLEAR_TAU && Math.abs(decades) >= DECADES.warning)
    .toSorted((a, b) => Math.abs(b.decades) - Math.abs(a.decades));
  if (worst === undefined) {
    return [];
  }
  const { pattern, blocks, decades } = worst;
  const isError = Math.abs(decades) >= DECADES.error;
  const [first, last] = [blocks[0]?.group, blocks.at(-1)?.group];
  return [
    {
      rule: "GN303",
      severity: isError ? "error" : "warning",
      tensor: pattern,
      value: decades,
      limit: isError ? DECADES.error : DECADES.warning,
      message: t(
        "{0}: gradient RMS changes by 10^{1} from {2} to {3}.",
        pattern,
        decades.toFixed(1),
        String(first),
        String(last),
      ),
    },
  ];
}

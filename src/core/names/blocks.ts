/** Where in a model's depth a tensor stands: one of the blocks it repeats. */
export interface BlockPlace {
  /** One number for most models, stage and block for those with stages. */
  readonly ordinals: readonly number[];
  /** The name up to the block, and what follows it. */
  readonly group: string;
  readonly rest: string;
  /** The name with `*` for the block's numbers: the same in all blocks. */
  readonly pattern: string;
}

/** The block a plain name speaks of; undefined where a rule knows none. */
export function blockOfName(plain: string): BlockPlace | undefined {
  return BLOCK_PATTERNS.map((pattern) => placeIn(plain, pattern)).find((place) => place !== undefined);
}

/** The same by the first number in a name that no family's rule knows: `net.2.weight`, `features.10.conv.weight`. */
export function blockByNumber(plain: string): BlockPlace | undefined {
  return placeIn(plain, /(?:^|\.)(?<block>\d+)\./d);
}

/** The first that matches counts. The named groups are the ordinals; the match ends with the point after the block. */
const BLOCK_PATTERNS: readonly RegExp[] = [
  /(?:^|\.)layer(?<stage>\d)\.(?<block>\d+)\./d, // ResNet
  /(?:^|\.)(?:layers|stages)\.(?<stage>\d+)\.(?:blocks|layers)\.(?<block>\d+)\./d, // Swin, ConvNeXt
  /(?:^|\.)(?:blocks|stages)\.(?<stage>\d+)\.(?<block>\d+)\./d, // EfficientNet
  /(?:^|\.)(?:down_blocks|up_blocks)\.(?<block>\d+)\./d, // UNet
  // Llama, GPT-2, Falcon, NeoX, BERT, T5, ViT, Megatron; Flax joins word and number by an underscore.
  /(?:^|\.)(?:layers|layer|h|blocks|block|stages|resblocks|encoderblock|decoderblock)[._](?<block>\d+)\./d,
];

function placeIn(plain: string, pattern: RegExp): BlockPlace | undefined {
  const match = pattern.exec(plain);
  const ranges = Object.values(match?.indices?.groups ?? {});
  if (match === null || ranges.length === 0) {
    return undefined;
  }
  const end = match.index + match[0].length;
  const numbers = ranges.map(([from, to]) => Number(plain.slice(from, to)));
  const rest = plain.slice(end);
  return {
    ordinals: isAfterItsBlocks(plain, rest) ? [...numbers, Number.MAX_SAFE_INTEGER] : numbers,
    group: plain.slice(0, end - 1),
    rest,
    pattern: `${plain.slice(0, match.index)}${match[0].replaceAll(/\d+(?=[._])/g, "*")}${rest.replace(EXPERT, "experts.*.")}`,
  };
}

/** Transformers' Swin ends a stage by reducing it; timm's begins the next one so. */
function isAfterItsBlocks(plain: string, rest: string): boolean {
  return /(?:^|\.)encoder\.layers\.\d+\.downsample\./.test(plain) && rest.startsWith("downsample.");
}

const EXPERT = /experts\.(\d+)\./;

/** Which expert of its block a tensor belongs to; null for what is no expert. */
export function expertOf(plain: string): number | null {
  const expert = EXPERT.exec(plain)?.[1];
  return expert === undefined ? null : Number(expert);
}

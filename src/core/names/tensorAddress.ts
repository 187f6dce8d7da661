import { blockByNumber, blockOfName, type BlockPlace, expertOf } from "./blocks.ts";
import { plainName } from "./plainName.ts";
import { roleOf, type TensorRole } from "./roles.ts";

/** Where in a model a tensor stands, as far as its name tells. */
export interface TensorAddress {
  /** The name without what wrappers put around it. */
  readonly plain: string;
  /** Parts of a model that follow each other: an encoder, then its decoder. */
  readonly track: number;
  readonly section: Section;
  /** Which block of the track; of models with stages two numbers; empty outside of blocks. */
  readonly block: readonly number[];
  /** The block, or the module outside of blocks: `model.layers.3`. */
  readonly group: string;
  /** The name with `*` for the numbers of block and expert: tensors of one pattern do the same at different depths. */
  readonly pattern: string;
  readonly expert: number | null;
  readonly role: TensorRole;
}

/** From the input to the output. */
export type Section = "stem" | "body" | "finalNorm" | "head";

export function addressOf(name: string): TensorAddress {
  const plain = plainName(name);
  const known = blockOfName(plain);
  const section = known === undefined && !UNET_MIDDLE.test(plain) ? sectionOf(plain) : "body";
  const place = known ?? (section === "body" ? blockByNumber(plain) : undefined) ?? outside(plain);
  const expert = expertOf(plain);
  return {
    plain,
    track: trackOf(plain, section),
    section,
    block: place.ordinals,
    group: place.group,
    pattern: place.pattern,
    expert,
    role: roleOf(place.rest),
  };
}

function outside(plain: string): BlockPlace {
  return { ordinals: [], group: plain.replace(/\.[^.]+$/, ""), rest: plain, pattern: plain };
}

/** Of what belongs to no block. */
function sectionOf(plain: string): Section {
  return SECTIONS.find(([, pattern]) => pattern.test(plain))?.[0] ?? "body";
}

const SECTIONS: readonly (readonly [Section, RegExp])[] = [
  [
    "head",
    /(?:^|\.)(?:\w*lm_head|head|heads|classifier|pre_classifier|score|pooler|embed_out|predictions|cls|qa_outputs|output_layer|output|fc|conv_out)(?:\.|$)/,
  ],
  [
    "stem",
    /embed|(?:^|\.)(?:wte|wpe|stem\w*|conv_stem|patch\w*|conv1|bn1|conv_in|cls_token|pos_\w+|shared|time_\w+|tokens?)(?:\.|$)/i,
  ],
  ["finalNorm", /norm|(?:^|\.)(?:ln(?:_\w+)?|conv_head|bn2)(?:\.|$)/i],
];

/** What stands before all tracks, and after them. */
const BEFORE = -1;
const AFTER = 9;

const TRACKS: readonly (readonly [number, RegExp])[] = [
  [0, /(?:^|\.)(?:encoder|vision_model|vision_tower|visual|down_blocks)\./],
  [1, /(?:^|\.)(?:decoder|language_model|text_model|mid_block)\./],
  [2, /(?:^|\.)up_blocks\./],
];

const UNET_MIDDLE = /(?:^|\.)mid_block\./;

/** The track a name begins with; what names none belongs before the first, or after the last. */
function trackOf(plain: string, section: Section): number {
  const named = TRACKS.map(([track, pattern]) => ({ track, at: plain.search(pattern) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)[0]?.track;
  if (named !== undefined) {
    return named;
  }
  switch (section) {
    case "stem":
      return BEFORE;
    case "body":
      return 0;
    case "finalNorm":
    case "head":
      return AFTER;
  }
}

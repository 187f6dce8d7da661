import type { Finding } from "#core/finding.ts";
import { isRuleId } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import { withAxis } from "../findings.ts";
import { createDeadRule } from "./dead.ts";
import { createDepthRule } from "./depth.ts";
import { createDominanceRule } from "./dominance.ts";
import type { ElementsOf } from "./dominance.ts";
import { createRowJudge } from "./judgeRow.ts";
import { createOpenRows } from "./openRows.ts";
import type { OpenRows } from "./openRows.ts";
import { createOriginRule } from "./origin.ts";
import type { Roster } from "./roster.ts";
import { createTensorSpikeRule } from "./tensorSpike.ts";
import type { TensorEpisode, TensorRow, TensorRule } from "./tensorRow.ts";

export interface WatchOptions {
  readonly enabled: ReadonlySet<RuleId>;
  /** Without it GN303 says nothing: norms of tensors of different size do not compare. */
  readonly elementsOf: ElementsOf;
}

/** Judges the norms of single tensors as they arrive. However they are cut into pieces, the findings are the same. */
export interface TensorWatch extends Pick<OpenRows, "add"> {
  /** In the order of their start. */
  readonly findings: (pathAt: (tensor: string, step: number) => string) => readonly Finding[];
}

const RULES: Readonly<Partial<Record<RuleId, (roster: Roster, options: WatchOptions) => TensorRule>>> = {
  GN301: (roster) => createDeadRule(roster),
  GN302: (roster, { elementsOf }) => createDominanceRule(roster, elementsOf),
  GN303: (roster, { elementsOf }) => createDepthRule(roster, elementsOf),
  GN304: (roster) => createOriginRule(roster),
  GN305: (roster) => createTensorSpikeRule(roster),
};

export function createTensorWatch(roster: Roster, options: WatchOptions): TensorWatch {
  const closed = createCourt(
    createRowJudge(roster),
    Object.entries(RULES)
      .filter(([rule]) => isRuleId(rule) && options.enabled.has(rule))
      .map(([, create]) => create(roster, options)),
  );
  const { add, open } = createOpenRows(closed.push);
  return {
    add,
    findings(pathAt) {
      const trial = closed.copy();
      open().forEach(trial.push);
      return trial
        .episodes()
        .toSorted((a, b) => a.start - b.start)
        .map((episode) => findingOf(episode, roster, pathAt));
    },
  };
}

/** All rules together, with what they share. */
interface Court {
  readonly push: (row: TensorRow) => void;
  readonly episodes: () => readonly TensorEpisode[];
  readonly copy: () => Court;
}

function createCourt(rows: ReturnType<typeof createRowJudge>, rules: readonly TensorRule[]): Court {
  return {
    push(row) {
      const judged = rows.judge(row);
      for (const rule of rules) {
        rule.push(judged);
      }
    },
    episodes: () => rules.flatMap((rule) => rule.episodes()),
    copy: () =>
      createCourt(
        rows.copy(),
        rules.map((rule) => rule.copy()),
      ),
  };
}

/** Of several tensors none stands for the others: then the sentence names them. */
function findingOf(
  { tensors, line, ...episode }: TensorEpisode,
  roster: Roster,
  pathAt: (tensor: string, step: number) => string,
): Finding {
  const [first = 0] = tensors;
  const name = roster.nameOf(first);
  const source = { path: pathAt(name, episode.peak), line: line + 1 };
  return { ...episode, ...withAxis(roster.axis), tensor: tensors.length === 1 ? name : null, source };
}

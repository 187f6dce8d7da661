import { expect, test } from "vitest";
import type { Finding } from "#core/finding.ts";
import { groupFindings, listFindings, neighbour } from "#host/views/findingOrder.ts";
import type { Whereabouts } from "#host/views/findingOrder.ts";
import { createNewsDesk } from "#host/views/newsDesk.ts";
import { createRun } from "#store/run.ts";

function finding(line: number, facts: Partial<Finding> = {}): Finding {
  const steps = { start: line, peak: line, end: line, value: 1, limit: 1 };
  const source = { path: "/a/log", line };
  return { rule: "GN201", severity: "warning", tensor: null, ...steps, message: `line ${line}`, source, ...facts };
}

const [a, b] = [createRun("/a"), createRun("/b")];
const elsewhere = { path: "/b/log", line: 7 };
const listed = listFindings([a, b], (run) =>
  run === a ? [finding(10), finding(20, { severity: "error" })] : [finding(1, { source: elsewhere })],
);

test("findings are grouped from errors to information, or by run", () => {
  const groups = (["severity", "run"] as const).map((grouping) =>
    groupFindings(listed, grouping).map(
      ({ key, findings }) => `${key}: ${findings.map((one) => one.finding.source.line).join()}`,
    ),
  );
  expect(groups).toEqual([
    ["error: 20", "warning: 10,7"],
    ["/a: 10,20", "/b: 7"],
  ]);
});

function idsOf(...findings: readonly Finding[]): string[] {
  return listFindings([a], () => findings).map(({ id }) => id);
}

test("findings that look alike have ids of their own, which stay while an episode goes on", () => {
  expect(new Set(idsOf(finding(1), finding(1))).size).toBe(2);
  expect(idsOf(finding(1, { end: null }), finding(1))).toEqual(idsOf(finding(1, { end: 9 }), finding(1)));
});

const at = (path: string, line: number): Whereabouts => ({ cursor: { path, line } });

test.each<{ from: string; where: Whereabouts; next: number; previous: number }>([
  { from: "nowhere", where: {}, next: 10, previous: 7 },
  { from: "before the first line found", where: at("/a/log", 5), next: 10, previous: 7 },
  { from: "on a line found", where: at("/a/log", 10), next: 20, previous: 7 },
  { from: "between two", where: at("/a/log", 15), next: 20, previous: 10 },
  { from: "behind the last of a log", where: at("/a/log", 30), next: 7, previous: 20 },
  { from: "the last of the last log", where: at("/b/log", 7), next: 10, previous: 20 },
  { from: "another file", where: at("/train.py", 3), next: 10, previous: 7 },
  {
    from: "another file, after a visit",
    where: { ...at("/train.py", 3), lastId: listed[0]?.id ?? "" },
    next: 20,
    previous: 7,
  },
])("from $from the next finding stands on line $next and the previous on $previous", ({ where, next, previous }) => {
  const lines = (["next", "previous"] as const).map(
    (direction) => neighbour(listed, direction, where)?.finding.source.line,
  );
  expect(lines).toEqual([next, previous]);
});

test("without findings there is no neighbour", () => {
  expect(neighbour([], "next", {})).toBeUndefined();
});

const NAN = finding(26, { rule: "GN101", severity: "error" });
const MINUTE = 60_000;

function desk(
  level: "off" | "critical" | "all" = "critical",
): (minutes: number, run: string, ...found: Finding[]) => string {
  let nowMs = 0;
  const news = createNewsDesk(
    () => level,
    () => nowMs,
  );
  return (minutes, run, ...found) => {
    nowMs = minutes * MINUTE;
    return news.hear(run, found)?.message ?? "silence";
  };
}

test("what a log says while it is first read is no news, and what comes later is", () => {
  const hear = desk();
  expect([hear(0, "/a", NAN), hear(1, "/a", NAN), hear(2, "/a", NAN, finding(30, { severity: "error" }))]).toEqual([
    "silence",
    "silence",
    "line 30",
  ]);
});

test("of a run one thing is told, and another run waits ten minutes", () => {
  const hear = desk();
  hear(0, "/a");
  hear(0, "/b");
  hear(0, "/c");
  expect([hear(1, "/a", NAN), hear(20, "/a", NAN, finding(40, { severity: "error" }))]).toEqual(["line 26", "silence"]);
  expect([hear(9, "/b", NAN), hear(12, "/c", NAN)]).toEqual(["silence", "line 26"]);
});

test.each([
  { level: "off", told: ["silence", "silence"] },
  { level: "critical", told: ["silence", "line 26"] },
  { level: "all", told: ["line 10", "silence"] },
] as const)("at the level $level a spike and then NaN are told as $told", ({ level, told }) => {
  const hear = desk(level);
  hear(0, "/a");
  expect([hear(1, "/a", finding(10)), hear(2, "/a", finding(10), NAN)]).toEqual(told);
});

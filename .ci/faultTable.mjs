/** A reporter of vitest: what was tried, how often, and whether it held, as a Markdown table. Tests leave the numbers in `meta`. */
export default class FaultTable {
  onTestRunEnd(modules) {
    const rows = modules.flatMap((module) => Array.from(module.children.allTests(), toRow));
    const tries = rows.reduce((sum, row) => sum + row.tries, 0);
    console.log("\n| what | tries | slowest | held |\n|---|---|---|---|");
    rows.forEach(({ name, tries: own, slowest, held }) => console.log(`| ${name} | ${own} | ${slowest} | ${held} |`));
    console.log(
      `\n${tries} tries in ${rows.length} tests; ${rows.filter(({ held }) => held !== "yes").length} did not hold.`,
    );
  }
}

function toRow(test) {
  const { tries = 1, slowestMs = test.diagnostic()?.duration ?? 0 } = test.meta().faults ?? {};
  const held = test.result().state === "passed" ? "yes" : "NO";
  return { name: test.name.replaceAll("|", "\\|"), tries, slowest: `${(slowestMs / 1000).toFixed(2)} s`, held };
}

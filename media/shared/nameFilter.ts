/**
 * Tells which names a filter text keeps: every word must occur, in the name or in another one it goes by; `*` and `?` stand
 * for any text and any character.
 */
export function createNameFilter(text: string): (name: string, alias?: string) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const tests = words.map((word) => (/[*?]/.test(word) ? globTest(word) : (name: string) => name.includes(word)));
  return (name, alias) => {
    const names = (alias === undefined ? [name] : [name, alias]).map((each) => each.toLowerCase());
    return tests.every((test) => names.some(test));
  };
}

/** Greedy matching with one point to return to, so that hostile patterns stay cheap. */
function globTest(pattern: string): (name: string) => boolean {
  return (name) => {
    let at = 0;
    let place = 0;
    let star = -1;
    let resume = 0;
    while (at < name.length) {
      if (pattern[place] === "*") {
        star = place;
        resume = at;
        place += 1;
      } else if (pattern[place] === "?" || pattern[place] === name[at]) {
        place += 1;
        at += 1;
      } else if (star >= 0) {
        resume += 1;
        at = resume;
        place = star + 1;
      } else {
        return false;
      }
    }
    return pattern.slice(place).replaceAll("*", "") === "";
  };
}

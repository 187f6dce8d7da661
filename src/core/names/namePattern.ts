import { plainName } from "./plainName.ts";

/**
 * Whether a pattern names a tensor, by its whole name or by its plain one. It is the one rule for names, wherever people
 * write them: `*` stands for any characters, also `.` and `/`, which separate modules in some frameworks and none in
 * others; `?` for one; all else for itself.
 */
export function namesTensor(pattern: string, name: string): boolean {
  return matchesName(pattern, name) || matchesName(pattern, plainName(name));
}

/** The same for one name as it is. Greedy, with one point to return to, so that hostile patterns stay cheap. */
export function matchesName(pattern: string, name: string): boolean {
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
  return /^\**$/.test(pattern.slice(place));
}

import assert from "node:assert/strict";
import type { State } from "./state.ts";

/** What there was, what there is to be, and what there is. */
interface Course {
  readonly before: State;
  readonly after: State;
  readonly now: State;
}

/** What is cleared away at the end, and stays only where removing is what fails. */
const debris =
  /\.lamin-temporary|\/staging\/|\.env\.[0-9a-f]{8}$|\/new-[\w-]+\.db|\/clock-\w+$|\/locks-\w+\.db/;

/** Where a repair keeps what it replaces, also what could not be read for a moment. */
const keptAside = "/.lamindb/objects/damaged/";

/**
 * Throws when a file is neither as it was nor as it is to be, when content is gone that is to stay,
 * or when something was left about although that could have been cleared away.
 */
export function requireNothingLost({ before, after, now }: Course, mayLeave: boolean): void {
  for (const part of ["files", "stored"] as const) {
    for (const [path, content] of now[part]) {
      if ((debris.test(path) && mayLeave) || path.includes(keptAside)) continue;
      assert.doesNotMatch(path, debris);
      const known = [before[part].get(path), after[part].get(path)];
      assert.ok(known.includes(content), `${path} is neither the old nor the new`);
    }
    const there = new Set(now[part].values());
    const toStay = new Set(after[part].values());
    for (const [path, content] of before[part]) {
      if (!toStay.has(content)) continue;
      assert.ok(there.has(content), `what ${path} held is gone`);
      const isToStay = after[part].get(path) === content;
      if (isToStay && !mayLeave) assert.equal(now[part].get(path), content, path);
    }
  }
}

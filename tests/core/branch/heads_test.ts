import assert from "node:assert/strict";
import { mergedHeads } from "../../../core/branch/merge/heads.ts";
import { artifact } from "../../../core/registry/lamindb/artifact.ts";
import type { BranchRow } from "../../../core/version/family.ts";
import { family } from "../version/family_rows.ts";

const [main, side] = [1, 2];
/** What merging the side branch into main does, versions by their place in the family. */
function merged(versions: readonly BranchRow[]) {
  const coming = versions.filter(({ branch_id }) => branch_id === side);
  const { demoted, moved, conflicts } = mergedHeads(artifact, coming, versions, main);
  const place = (row: BranchRow | undefined) => row === undefined ? undefined : row.id - 1;
  return {
    demoted: demoted.map(({ row }) => place(row)),
    moved: moved.map(({ from, to }) => [place(from), place(to)]),
    conflicts: conflicts.map(({ into, from, kept }) => [place(into), place(from), place(kept)]),
  };
}

Deno.test("merge: what is ahead of main becomes the latest, without a conflict", () => {
  assert.deepEqual(merged(family([main, side, side], [0, 2])), {
    demoted: [0],
    moved: [[0, 2]],
    conflicts: [],
  });
  // The branch went back to its first version, which is the newer one all the same.
  assert.deepEqual(merged(family([main, side, side], [0, 1])), {
    demoted: [0],
    moved: [[0, 1]],
    conflicts: [],
  });
});

Deno.test("merge: what is on the branch alone comes with its latest version", () => {
  assert.deepEqual(merged(family([side, side], [1])), {
    demoted: [],
    moved: [[undefined, 1]],
    conflicts: [],
  });
});

Deno.test("merge: where both went on, the newest of the two latest stays, and it is named", () => {
  assert.deepEqual(merged(family([main, side, main], [1, 2])), {
    demoted: [1],
    moved: [],
    conflicts: [[2, 1, 2]],
  });
  assert.deepEqual(merged(family([main, side, main, side], [2, 3])), {
    demoted: [2],
    moved: [[2, 3]],
    conflicts: [[2, 3, 3]],
  });
});

Deno.test("merge: several latest versions on one side become one, none stays none", () => {
  assert.deepEqual(merged(family([main, main, side], [0, 1, 2])).demoted, [0, 1]);
  assert.deepEqual(merged(family([main, side], [])), { demoted: [], moved: [], conflicts: [] });
});

Deno.test("merge: other branches and the trash are not touched", () => {
  assert.deepEqual(merged(family([main, -1, 3, side], [0, 1, 2, 3])).demoted, [0]);
});
